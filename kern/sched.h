/* The scheduler's inside, shared by thread.c and sched.c: interrupts are off in all of it. */
#ifndef KERN_SCHED_H
#define KERN_SCHED_H

struct thread;

void sched_init(void);
/* Gives the processor to the best ready thread; the caller has set the state of the running one. */
void sched_switch(void);
/* What the thread that just got the processor does first: ends the one before it if it is dead. */
void sched_after_switch(void);

/* Panics if THREAD's stack has overflowed; frees the block of a dead thread. */
void thread_check_stack(const struct thread *thread);
void thread_free(struct thread *thread);

#endif
