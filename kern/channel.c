/* Sleeping on an address. */
#include <stdint.h>
#include "arch/i386/intr.h"
#include "kern/sync.h"
#include "kern/thread.h"
#include "lib/debug.h"

#define QUEUES 64

static struct list queues[QUEUES];

/* The queue of CHANNEL; several channels may share one. */
static struct list *queue_of(const void *channel) {
  uintptr_t bits = (uintptr_t)channel;
  struct list *queue = &queues[(bits >> 2 ^ bits >> 8) % QUEUES];
  if (queue->head.next == NULL) list_init(queue);
  return queue;
}

/* Sleeps until channel_wake(CHANNEL).  The caller has preemption disabled exactly once, so nobody
   can wake the channel between its check and this sleep; it has it disabled again afterwards. */
void channel_sleep(const void *channel, const char *reason) {
  struct thread *self = thread_current();
  ASSERT(self->preempt_count == 1);
  bool were_on = intr_disable();
  self->preempt_count = 0;
  list_push_back(queue_of(channel), &self->queue_node);
  self->waiting_for = reason;
  self->waiting_object = channel;
  thread_block();
  self->waiting_for = NULL;
  self->preempt_count = 1;
  intr_restore(were_on);
}

/* Wakes all who sleep on CHANNEL. */
void channel_wake(const void *channel) {
  struct list *queue = queue_of(channel);
  if (list_is_empty(queue)) return;
  bool were_on = intr_disable();
  list_for_each_safe(node, next, queue) {
    struct thread *thread = list_entry(node, struct thread, queue_node);
    if (thread->waiting_object != channel) continue;
    list_remove(node);
    thread_unblock(thread);
  }
  intr_restore(were_on);
}
