/* Inside kern/: what threads, locks and reports share with the scheduler.

   Whatever says so is called with interrupts off. */
#ifndef KERN_SCHED_H
#define KERN_SCHED_H

#include <stdbool.h>
#include <stdint.h>
#include "kern/thread.h"
#include "lib/list.h"

#define THREAD_MAGIC 0x7175697eu

/* No thread is ready.  FREE frees the block of a thread that is dead, interrupts off. */
void sched_init(void (*free)(struct thread *));
/* Makes IDLE the thread that runs when no other can. */
void sched_set_idle(struct thread *idle);
/* Leaves the running thread, which is DYING, for good.  Interrupts off. */
_Noreturn void sched_leave(void);
/* What the thread that was switched to does first.  Interrupts off. */
void sched_finish_switch(void);
/* Runs after every IRQ, interrupts off. */
void sched_irq_return(void);

/* Puts the running thread to sleep on QUEUE, behind those of its priority or better; reports will
   say that it waits for REASON, at OBJECT.  Whoever wakes it has taken it off.  Interrupts off. */
void sched_sleep(struct list *queue, const char *reason, const void *object);

void channel_init(void);

#endif
