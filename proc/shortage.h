/* Want of memory: one process ends for it at a time.

   Who finds no memory looks for the process whose end gives back the most (-oom=largest), or ends itself.  While
   one ends, all that there is no memory for wait until it has given back what it had, and try again. */
#ifndef PROC_SHORTAGE_H
#define PROC_SHORTAGE_H

#include "proc/process.h"
#include "vm/error.h"
#include "vm/fault.h"
#include "vm/own.h"

/* Who ends when memory is out. */
enum shortage_rule {
  SHORTAGE_LARGEST,  /* Whose end gives back the most. */
  SHORTAGE_FAULTING, /* Who found none. */
  SHORTAGE_PANIC     /* Nobody: the kernel panics. */
};
extern enum shortage_rule shortage_rule; /* Fixed before the first process. */

/* Preemption off. */
extern struct shortage {
  const struct process
      *chooser; /* Who found no memory first, until the one that ends has ended; or NULL. */
  const struct process *process; /* Who ends, or NULL; */
  struct vm_own own;             /* what that gives back, all 0 if nobody else was looked at. */
  uint32_t ends;                 /* Of such processes, so far. */
} shortage;

/* There was no memory for the running process: ERROR, VM_ENOMEM or VM_ENOFRAME.  True if it ends for that, by
   process_kill() or process_exit(), which must come next, or if it is being loaded and that fails.  False if
   another one has given back what it had since shortage.ends was ENDS, so that there may be some.  No lock but that of
   an open file is held, and no pin.  May sleep. */
bool shortage_must_die(int error, uint32_t ends);
/* Makes ADDRESS of the running process accessible for ACCESS.  VM_OK or a vm_error; VM_ENOFRAME and VM_ENOMEM
   mean that this process ends for want of memory, and its end must come next.  No lock but that of an open file is held, and no pin.  May
   sleep. */
static inline int process_fault(uint32_t address, enum vm_access access) {
  struct process *self = process_current();
  if (shortage.process == self && self->shortage != VM_OK) return self->shortage;
  for (;;) {
    uint32_t ends = shortage.ends;
    int error = vm_fault(self->as, address, access);
    bool is_short = error == VM_ENOFRAME || error == VM_ENOMEM;
    if (!is_short || shortage_must_die(error, ends)) return error;
  }
}
/* PROCESS, which ends, has given back what it had. */
void shortage_end(struct process *process);

#endif
