/* Suspending processes for a while, so that others have memory enough.

   Who is suspended sleeps where it holds nothing, as a killed process ends there (mark.h), and has left memory as a whole
   (vm/swapper.h).  They go on in the order in which they were suspended; proc/load.c says who is, and when the next one goes
   on. */
#ifndef PROC_SUSPEND_H
#define PROC_SUSPEND_H

#include "proc/process.h"

/* Interrupts off. */
extern struct suspend_stats {
  uint32_t now;                /* So many are suspended. */
  uint32_t leaving, returning; /* So many others are on their way out of memory, or back. */
  uint32_t suspensions;        /* So often one was, since boot. */
  uint32_t resumptions; /* So often one went on because it was its turn; not if it was killed. */
  uint32_t ticks;       /* Of the timer that passed meanwhile, summed up over all processes. */
} suspend_stats;

/* Nobody is suspended. */
void suspend_init(void);
/* Suspends the running process, which holds nothing, until it is its turn or it is killed.  AT_THRASHING what it has in memory
   is not what it needs, as others have taken that: it comes back with all that it has in swap, if it can.  THEN is called when
   it has left memory and stands last of those who are suspended, with interrupts off.  Sleeps. */
void suspend_self(bool at_thrashing, void (*then)(void));
/* Lets the one go on that has been suspended for longest, if there is one.  May be called by interrupt handlers. */
void suspend_end_first(void);
/* How many frames that one may need: as many as it had for itself when it left, now or earlier.  There is one; interrupts are
   off. */
uint32_t suspend_first_pages(void);

#endif
