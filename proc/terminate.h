/* Ending a process from outside: kill(), and Ctrl-C.

   A process that is marked (mark.h) ends itself where it holds nothing: at the end of a system call or
   a page fault, or where an interrupt returns to it.  Whoever it started ends with it.  When the machine
   ends all are marked to stop at the same places; and there load control (load.h) suspends. */
#ifndef PROC_TERMINATE_H
#define PROC_TERMINATE_H

#include "proc/mark.h"

/* Has PROCESS, the running one, do what it is marked for.  It holds nothing.  May sleep. */
void mark_heed_all(struct process *process);
static inline void mark_heed(struct process *process) {
  if (process->marks != 0) mark_heed_all(process);
}

#endif
