/* The mark of a process that has to end, or to stop.

   The process is only marked.  It ends itself where it holds nothing (terminate.h); its sleeps that might
   never end (for the console, for a child, for a time) are broken off. */
#ifndef PROC_MARK_H
#define PROC_MARK_H

#include "proc/tree.h"

/* Marks PROCESS for CAUSE; the first cause stays, but KILL_CALL and KILL_CONSOLE take the place of KILL_MEMORY.  May be called by interrupt handlers, if PROCESS
   cannot go away. */
void mark_process(struct process *process, enum kill_cause cause);
/* Marks TOP and all its descendants as killed by a call.  Process table lock. */
void mark_family(struct process *top);
/* The running thread is PROCESS's from now on: it can be woken by a mark. */
void mark_attach(struct process *process);
/* The running thread is no longer PROCESS's. */
void mark_detach(struct process *process);

#endif
