/* The scheduler: which thread runs next, and the switch to it.

   Ready threads stand in one list for each priority; a bit for each list tells whether somebody is
   there.  All of it is guarded by interrupts being off.  `thread_resched` asks for a look at the lists
   at the next place where the running thread may be preempted: the return from an IRQ, the end of a
   preempt_disable(), or a wake-up. */
#include "kern/sched.h"
#include "arch/i386/context.h"
#include "arch/i386/fpu.h"
#include "arch/i386/intr.h"
#include "arch/i386/pmap.h"
#include "arch/i386/segment.h"
#include "lib/debug.h"

#define SLICE_TICKS 4
#define PRIORITIES  (PRIORITY_MAX + 1)
#define WORD_BITS   32

struct thread_stats thread_stats;

static struct list ready[PRIORITIES];
static uint32_t ready_bits[PRIORITIES / WORD_BITS];
static struct thread *idle_thread;
static void (*free_thread)(struct thread *);
static void (*switch_hook)(const struct thread *); /* Or NULL. */
static struct thread *dead;                        /* Left for good; the next to run frees it. */
volatile bool thread_resched;

/* Empties the lists. */
void sched_init(void (*free)(struct thread *)) {
  free_thread = free;
  for (unsigned i = 0; i < PRIORITIES; i++) list_init(&ready[i]);
}

/* Makes IDLE the thread that runs when no other can. */
void sched_set_idle(struct thread *idle) {
  idle_thread = idle;
}

/* Puts THREAD at the end of the ready threads of its priority. */
static void sched_make_ready(struct thread *thread) {
  unsigned priority = (unsigned)thread->priority;
  thread->state = THREAD_READY;
  list_push_back(&ready[priority], &thread->queue_node);
  ready_bits[priority / WORD_BITS] |= 1u << priority % WORD_BITS;
}

/* The highest priority that a ready thread has, or -1. */
static int best_priority(void) {
  for (int word = PRIORITIES / WORD_BITS - 1; word >= 0; word--)
    if (ready_bits[word] != 0)
      return word * WORD_BITS + WORD_BITS - 1 - __builtin_clz(ready_bits[word]);
  return -1;
}

/* Takes the thread that runs next off its list. */
static struct thread *take_next(void) {
  int priority = best_priority();
  if (priority < 0) {
    ASSERT(idle_thread != NULL);
    return idle_thread;
  }
  struct list_node *node = list_pop_front(&ready[priority]);
  if (list_is_empty(&ready[priority]))
    ready_bits[priority / WORD_BITS] &= ~(1u << priority % WORD_BITS);
  return list_entry(node, struct thread, queue_node);
}

/* Notes who is told of switches. */
void thread_set_switch_hook(void (*hook)(const struct thread *next)) {
  switch_hook = hook;
}

/* Panics if THREAD's stack has grown into its struct. */
static void check_stack(const struct thread *thread) {
  if (thread->magic != THREAD_MAGIC)
    PANIC("the kernel stack of thread %u at %p overflowed", (unsigned)thread->id, (void *)thread);
}

/* Switches to NEXT, which may be the running thread itself; returns when something switches back.
   A thread without a pmap runs on whatever pmap is loaded. */
static void switch_to(struct thread *next) {
  struct thread *self = thread_current();
  ASSERT(!intr_is_on());
  check_stack(self);
  check_stack(next);
  thread_resched = false;
  next->state = THREAD_RUNNING;
  next->ticks_left = SLICE_TICKS;
  if (next == self) return;
  thread_stats.switches++;
  if (switch_hook != NULL) switch_hook(next);
  fpu_leave();
  segment_set_kernel_stack((char *)next + THREAD_SIZE);
  if (next->pmap != NULL) pmap_activate(next->pmap);
  context_switch(&self->stack_pointer, next->stack_pointer);
  sched_finish_switch();
}

/* Frees the thread that ran before if it is dead: it could not free the stack it stood on. */
void sched_finish_switch(void) {
  if (dead == NULL) return;
  free_thread(dead);
  dead = NULL;
}

/* Leaves the running thread, which is DYING, for good. */
void sched_leave(void) {
  ASSERT(thread_current()->state == THREAD_DYING && dead == NULL);
  dead = thread_current();
  switch_to(take_next());
  NOT_REACHED();
}

/* Lets the best ready thread run; the running one goes behind those of its priority. */
static void yield(void) {
  struct thread *self = thread_current();
  if (self == idle_thread)
    self->state = THREAD_READY;
  else
    sched_make_ready(self);
  switch_to(take_next());
}

/* Lets others of the same or a higher priority run. */
void thread_yield(void) {
  ASSERT(thread_current()->preempt_count == 0 && !intr_in_irq());
  bool were_on = intr_disable();
  yield();
  intr_restore(were_on);
}

/* Puts the current thread to sleep until thread_unblock(); interrupts are off. */
static void thread_block(void) {
  struct thread *self = thread_current();
  ASSERT(!intr_is_on() && !intr_in_irq() && self->preempt_count == 0);
  self->state = THREAD_BLOCKED;
  switch_to(take_next());
}

/* Makes THREAD, which is blocked, ready.  Does not switch to it yet. */
void thread_unblock(struct thread *thread) {
  bool were_on = intr_disable();
  struct thread *self = thread_current();
  ASSERT(thread->state == THREAD_BLOCKED);
  sched_make_ready(thread);
  if (self == idle_thread || thread->priority > self->priority) thread_resched = true;
  intr_restore(were_on);
}

/* Sleeps on QUEUE.  The queue is ordered by priority, then by arrival. */
void sched_sleep(struct list *queue, const char *reason, const void *object) {
  struct thread *self = thread_current();
  struct list_node *before = &queue->head;
  while (before->prev != &queue->head &&
         list_entry(before->prev, struct thread, queue_node)->priority < self->priority)
    before = before->prev;
  list_insert_before(before, &self->queue_node);
  self->waiting_for = reason;
  self->waiting_object = object;
  thread_block();
  self->waiting_for = NULL;
  self->waiting_object = NULL;
}

/* Counts the tick for whoever it interrupted, and ends the slice of a thread that had its time. */
void thread_tick(void) {
  struct thread *self = thread_current();
  self->ticks++;
  if (self == idle_thread)
    thread_stats.idle_ticks++;
  else if (self->pmap != NULL)
    thread_stats.user_ticks++;
  else
    thread_stats.kernel_ticks++;
  if (self->ticks_left > 0 && --self->ticks_left == 0) thread_resched = true;
}

/* Preempts the interrupted thread if that was asked for and it may be. */
void sched_irq_return(void) {
  if (thread_resched && thread_current()->preempt_count == 0) yield();
}

/* Yields if that was asked for and this thread may be preempted here: not in an interrupt, and not
   where its caller has turned interrupts off. */
void thread_preempt(void) {
  if (!thread_resched || thread_current()->preempt_count > 0 || !intr_is_on() || intr_in_irq())
    return;
  thread_yield();
}

/* Sets and loads the pmap of the current thread. */
void thread_set_pmap(struct pmap *pmap) {
  bool were_on = intr_disable();
  thread_current()->pmap = pmap;
  pmap_activate(pmap);
  intr_restore(were_on);
}
