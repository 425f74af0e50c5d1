/* Want of memory: one process ends for it at a time.

   While one ends, others that there is no memory for wait until it has given back what it had, and try
   again. */
#ifndef PROC_SHORTAGE_H
#define PROC_SHORTAGE_H

#include "proc/process.h"
#include "vm/error.h"

/* Who ends, or NULL, and the shortage that it was told of.  Preemption off. */
extern struct shortage {
  const struct process *process;
  int error;
} shortage;

/* The shortage that PROCESS, the running one, ends for; VM_OK if it does not. */
static inline int shortage_of(const struct process *process) {
  return shortage.process == process ? shortage.error : VM_OK;
}
/* There was no memory for the running process: ERROR, VM_ENOMEM or VM_ENOFRAME.  True if it ends for that,
   by process_kill() or process_exit(), which must come next.  False if another one has given back what it
   had meanwhile, so that there may be some.  Neither lock nor pin is held.  May sleep. */
bool shortage_must_die(int error);
/* PROCESS has given back what it had. */
void shortage_end(const struct process *process);

#endif
