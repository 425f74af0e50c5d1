/* Ending a process from outside: kill(), and Ctrl-C.

   The process is only marked.  It ends itself where it holds nothing: at the end of a system call or
   a page fault, or where an interrupt returns to it; and its sleeps that might never end (for the
   console, for a child, for a time) are broken off.  Whoever it started ends with it.  When the machine
   ends all are marked to stop at the same places. */
#ifndef PROC_TERMINATE_H
#define PROC_TERMINATE_H

#include "proc/tree.h"

/* Has IRQs look for the mark. */
void terminate_init(void);
/* Marks PROCESS for CAUSE; the first cause stays.  May be called by interrupt handlers, if PROCESS
   cannot go away. */
void terminate_mark(struct process *process, enum kill_cause cause);
/* Marks TOP and all its descendants as killed by a call.  Process table lock. */
void terminate_family(struct process *top);
/* The running thread is PROCESS's from now on: it can be woken by a mark. */
void terminate_attach(struct process *process);
/* The running thread is no longer PROCESS's. */
void terminate_detach(struct process *process);
/* Ends, or stops, the running process, which is marked. */
_Noreturn void terminate_self(void);
/* Ends or stops the running process if it is marked.  It holds nothing. */
static inline void terminate_check(const struct process *process) {
  if (process->killed != KILL_NONE) terminate_self();
}

#endif
