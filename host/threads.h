/* Threads of the simulated machine: coroutines, switched at the points where the kernel could be
   preempted or sleeps, in an order that is a function of the seed alone. */
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

/* For the port: a point where another thread may run; sleeping on CHANNEL; waking its sleepers. */
void thread_switch_point(void);
void thread_sleep_on(const void *channel, const char *reason);
void thread_wake_all(const void *channel);
/* Lets other threads run for about TICKS switches, as a device would take. */
void thread_delay(unsigned ticks);
const void *thread_self(void);
/* What the running thread keeps for the machine: its active address space. */
void thread_set_user(void *user);
void *thread_user(void);

/* A random number below BOUND, from the seed. */
uint32_t sim_random(uint32_t bound);

/* Says what every thread that is left waits for. */
void threads_report(void);

#endif
