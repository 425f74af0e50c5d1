/* Looking at the whole system: is all of it in order, and what is in use? */
#ifndef INIT_CHECK_H
#define INIT_CHECK_H

/* Notes which threads belong to the system itself: those there are now. */
void check_set_baseline(void);
/* Waits until no others are left, or for a second; drops all caches, checks every invariant of the
   VM, and prints one line with the counts that must be the same before and after a program. */
void check_all(void);
/* Prints what the pools of memory are used for. */
void check_show_memory(void);

#endif
