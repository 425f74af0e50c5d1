/* Load control: thrashing is seen, and ended by suspending some of those who run.

   The machine thrashes when the working sets of those who run together do not fit into memory: then each takes from the
   others what they need next, and all wait for pages.  The timer's ticks tell: at each of them something either runs, or
   waits while pages are on the move.  Where that takes too large a part of the time, and several processes need pages from disk
   again and again, half of these are suspended (suspend.h), until those who are left get on.  The others go on as soon as
   there are frames for them, and else by turns; docs/design.md, "Load control", has the bound.

   Nothing of this costs anything at a fault: the VM counts them anyway. */
#ifndef PROC_LOAD_H
#define PROC_LOAD_H

#include "proc/mark.h"

/* Load control begins; without this nobody is ever suspended. */
void load_start(void);
/* A process has ended and given its memory back. */
void load_note_end(void);
/* Somebody talks with the running process: it is not suspended soon. */
void load_note_input(void);
/* The running process looks at the load, and suspends itself if it was asked to, as its marks say.  It holds nothing.  May
   sleep. */
void load_heed(void);

#endif
