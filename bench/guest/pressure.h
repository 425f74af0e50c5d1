/* The parts of the program that need a machine of their own: more pages than frames, and processes
   that stay. */
#ifndef BENCH_GUEST_PRESSURE_H
#define BENCH_GUEST_PRESSURE_H

/* Goes through PAGES pages: writes all for the first time, writes and reads all in order again, then reads
   them in no order.  Before and after each phase it says so and waits for a line of input. */
void pressure_swap(unsigned pages);
/* Touches PAGES fresh pages and the first TEXT pages of the program, says how many pages it has,
   and stays for good. */
void pressure_hold(unsigned pages, unsigned text);
/* Starts a process that does so, and ends when it has had time for it. */
void pressure_leave(const char *pages, const char *text);

#endif
