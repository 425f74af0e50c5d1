/* Threads of the simulated machine, and the locks of vm/port.h that rest on them.  Two files answer:

   - host/coroutines.c: one at a time, switched where the kernel could be preempted or sleeps, in an
     order that is a function of the seed alone.
   - host/pthreads.c: POSIX threads, truly at the same time, for ThreadSanitizer. */
#ifndef HOST_THREADS_H
#define HOST_THREADS_H

#include <stdbool.h>
#include <stdint.h>

/* Forgets all threads; SEED decides every choice from now on. */
void threads_init(uint64_t seed);
/* A new thread that runs FUNCTION(AUX) when threads_run() gets to it. */
void thread_spawn(void (*function)(void *), void *aux);
/* Runs until every thread has ended, or all that are left sleep; how many are left. */
unsigned threads_run(void);

/* A point where another thread may run. */
void thread_switch_point(void);
/* Sleeps until thread_wake_all(CHANNEL).  For pthreads.c with the VM lock held. */
void thread_sleep_on(const void *channel, const char *reason);
void thread_wake_all(const void *channel);
/* Lets other threads run for about TICKS switches, as a device would take. */
void thread_delay(unsigned ticks);
/* What the running thread keeps for the machine: its active address space. */
void thread_set_user(void *user);
void *thread_user(void);
/* The running thread's program has completed an instruction. */
void thread_got_on(void);

/* A mutual exclusion of the rig's own: nothing is done by coroutines, who are alone between two
   switch points. */
void rig_lock(void);
void rig_unlock(void);

/* A random number below BOUND, from the seed. */
uint32_t sim_random(uint32_t bound);

/* Says what every thread that is left waits for. */
void threads_report(void);

#endif
