/* Suspended processes. */
#include "proc/suspend.h"
#include "arch/i386/intr.h"
#include "lib/debug.h"
#include "lib/round.h"
#include "vm/addrspace.h"
#include "vm/swapper.h"

/* Who leaves memory or comes back goes before those who run: at each of its requests it would wait until they have had
   their time. */
#define MOVING_PRIORITY (PRIORITY_DEFAULT + 1)

struct suspend_stats suspend_stats;

/* A process that is suspended, on the stack of its thread. */
struct suspension {
  struct list_node node;
  struct semaphore over;
  uint32_t pages; /* That it may need. */
};

/* The one that has been suspended for longest comes first.  Interrupts off. */
static struct list suspensions;

/* Empties the list. */
void suspend_init(void) {
  list_init(&suspensions);
}

/* The running process begins to leave memory. */
static void count_leaving(void) {
  bool were_on = intr_disable();
  suspend_stats.leaving++;
  intr_restore(were_on);
}

/* Takes SUSPENSION off the list.  Interrupts are off. */
static void take_off(struct suspension *suspension) {
  ASSERT(suspend_stats.now > 0);
  list_remove(&suspension->node);
  suspend_stats.now--;
  suspend_stats.returning++;
}

/* Sleeps on SUSPENSION, last of all, after THEN.  Who is killed goes on at once. */
static void sleep_on(struct suspension *suspension, void (*then)(void)) {
  bool were_on = intr_disable();
  list_push_back(&suspensions, &suspension->node);
  suspend_stats.leaving--;
  suspend_stats.now++;
  suspend_stats.suspensions++;
  then();
  intr_restore(were_on);
  if (sema_down_interruptible(&suspension->over, "load control")) return;
  were_on = intr_disable();
  if (list_node_is_listed(&suspension->node)) take_off(suspension);
  intr_restore(were_on);
}

/* The running process is back. */
static void count_back(void) {
  bool were_on = intr_disable();
  suspend_stats.returning--;
  intr_restore(were_on);
}

/* Leaves memory, sleeps, and comes back unless it is to end. */
void suspend_self(bool at_thrashing, void (*then)(void)) {
  struct process *self = process_current();
  struct resident_set set;
  struct suspension suspension;
  ASSERT(thread_current()->ranks_held == 0);
  count_leaving();
  thread_set_priority(MOVING_PRIORITY);
  addrspace_swap_out(self->as, &set, at_thrashing);
  self->load.pages = MAX(self->load.pages, set.pages);
  suspension.pages = self->load.pages;
  sema_init(&suspension.over, 0);
  event_note(STOP, self->as->number, 0, set.pages);
  sleep_on(&suspension, then);
  event_note(RESUME, self->as->number, 0, set.pages);
  while (self->killed == KILL_NONE && addrspace_swap_in(self->as, &set)) continue;
  thread_set_priority(PRIORITY_DEFAULT);
  count_back();
}

/* Raises the semaphore of the first. */
void suspend_end_first(void) {
  bool were_on = intr_disable();
  struct list_node *node = list_first(&suspensions);
  if (node != NULL) {
    struct suspension *first = list_entry(node, struct suspension, node);
    take_off(first);
    suspend_stats.resumptions++;
    sema_up(&first->over);
  }
  intr_restore(were_on);
}

/* Looks at the first. */
uint32_t suspend_first_pages(void) {
  struct list_node *node = list_first(&suspensions);
  ASSERT(node != NULL && !intr_is_on());
  return list_entry(node, struct suspension, node)->pages;
}
