/* Sleeping on an address: whatever it is that changes there, its owner wakes the address. */
#include "arch/i386/intr.h"
#include "kern/sched.h"
#include "kern/sync.h"
#include "kern/thread.h"
#include "lib/debug.h"

#define QUEUE_BITS 6
#define QUEUES     (1u << QUEUE_BITS)

/* Sleepers, by a hash of their channel; interrupts off. */
static struct list queues[QUEUES];

/* Empties the queues. */
void channel_init(void) {
  for (unsigned i = 0; i < QUEUES; i++) list_init(&queues[i]);
}

/* The queue that CHANNEL's sleepers stand in: the upper bits of a multiplication by 2^32 over the
   golden ratio. */
static struct list *find_queue(const void *channel) {
  return &queues[(uint32_t)(uintptr_t)channel * 0x9e3779b1u >> (32 - QUEUE_BITS)];
}

/* Sleeps until CHANNEL is woken.  Preemption is disabled once, by the caller who looked at what it
   waits for; interrupts are off before that ends, so no waker comes in between. */
void channel_sleep(const void *channel, const char *reason) {
  struct thread *self = thread_current();
  ASSERT(self->preempt_count == 1);
  bool were_on = intr_disable();
  self->preempt_count = 0;
  sched_sleep(find_queue(channel), reason, channel);
  self->preempt_count = 1;
  intr_restore(were_on);
}

/* Wakes all who sleep on CHANNEL. */
void channel_wake(const void *channel) {
  struct list *queue = find_queue(channel);
  if (list_is_empty(queue)) return;
  bool were_on = intr_disable();
  list_for_each_safe(node, next, queue) {
    struct thread *thread = list_entry(node, struct thread, queue_node);
    if (thread->waiting_object != channel) continue;
    list_remove(node);
    thread_unblock(thread);
  }
  intr_restore(were_on);
  if (thread_resched) thread_preempt();
}
