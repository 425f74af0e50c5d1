/* Who contends for memory: the side of load control (load.h) that looks at processes.  Process table lock. */
#ifndef PROC_CONTEND_H
#define PROC_CONTEND_H

#include "proc/process.h"

/* PROCESS begins to run, or goes on after it was suspended: who has run for longer is suspended before it. */
void contend_begin(struct process *process);
/* Counts the faults that each process had since this was called the last time and that needed the disk.  How many processes
   had so many that they matter; if NOTE, these are known to contend until nobody is suspended. */
unsigned contend_count(bool note);
/* Asks so many as COUNT of those who contend to suspend themselves, first the one that has run for longest; unless
   AT_THRASHING others who have much memory, too.  That, and WHEN, is noted with each.  How many were asked. */
unsigned contend_suspend(unsigned count, bool at_thrashing, uint32_t when);

#endif
