/* Ending a process from outside: kill(), and Ctrl-C.

   A process that is marked (mark.h) ends itself where it holds nothing: at the end of a system call or
   a page fault, or where an interrupt returns to it.  Whoever it started ends with it.  When the machine
   ends all are marked to stop at the same places. */
#ifndef PROC_TERMINATE_H
#define PROC_TERMINATE_H

#include "proc/mark.h"

/* Ends, or stops, the running process, which is marked. */
_Noreturn void terminate_self(void);
/* Ends or stops the running process if it is marked.  It holds nothing. */
static inline void terminate_check(const struct process *process) {
  if (process->killed != KILL_NONE) terminate_self();
}

#endif
