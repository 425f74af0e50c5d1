/* Want of memory: one process ends for it at a time.

   While one ends, others that there is no memory for wait until it has given back what it had, and try
   again. */
#ifndef PROC_SHORTAGE_H
#define PROC_SHORTAGE_H

#include "proc/process.h"
#include "vm/error.h"
#include "vm/fault.h"

/* Who ends, or NULL, and the shortage that it was told of.  Preemption off. */
extern struct shortage {
  const struct process *process;
  int error;
  uint32_t ends; /* Of processes, so far. */
} shortage;

/* The shortage that PROCESS, the running one, ends for; VM_OK if it does not. */
static inline int shortage_of(const struct process *process) {
  return shortage.process == process ? shortage.error : VM_OK;
}
/* There was no memory for the running process: ERROR, VM_ENOMEM or VM_ENOFRAME.  True if it ends for that,
   by process_kill() or process_exit(), which must come next.  False if another one has given back what it
   had since shortage.ends was ENDS, so that there may be some.  Neither lock nor pin is held.  May sleep. */
bool shortage_must_die(int error, uint32_t ends);
/* Makes ADDRESS of the running process accessible for ACCESS.  VM_OK or a vm_error; VM_ENOFRAME and VM_ENOMEM
   mean that this process ends for want of memory, and its end must come next.  Neither lock nor pin is held.
   May sleep. */
static inline int process_fault(uint32_t address, enum vm_access access) {
  struct process *self = process_current();
  int error = shortage_of(self);
  if (error != VM_OK) return error;
  for (;;) {
    uint32_t ends = shortage.ends;
    error = vm_fault(self->as, address, access);
    bool is_short = error == VM_ENOFRAME || error == VM_ENOMEM;
    if (!is_short || shortage_must_die(error, ends)) return error;
  }
}
/* PROCESS has given back what it had. */
void shortage_end(const struct process *process);

#endif
