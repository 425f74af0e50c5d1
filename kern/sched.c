/* The scheduler: the best priority first, round robin among equals, preemptive. */
#include "kern/sched.h"
#include "arch/i386/context.h"
#include "arch/i386/cpu.h"
#include "arch/i386/intr.h"
#include "arch/i386/pmap.h"
#include "arch/i386/segment.h"
#include "kern/thread.h"
#include "lib/debug.h"

#define TIME_SLICE 4 /* Ticks. */

struct thread_stats thread_stats;

static struct list ready[PRIORITY_MAX + 1];
static uint64_t ready_priorities; /* Bit p: ready[p] is not empty. */
static struct thread *idle, *previous;
static struct pmap *active_pmap; /* Loaded in the processor; NULL: the kernel's own. */
static bool want_preempt;

/* Makes all ready lists empty. */
void sched_init(void) {
  for (int i = 0; i <= PRIORITY_MAX; i++) list_init(&ready[i]);
}

/* The best ready priority, or -1. */
static int best_priority(void) {
  uint32_t high = ready_priorities >> 32, low = (uint32_t)ready_priorities;
  if (high != 0) return 63 - __builtin_clz(high);
  return low != 0 ? 31 - __builtin_clz(low) : -1;
}

/* Appends THREAD to its ready list. */
static void make_ready(struct thread *thread) {
  thread->state = THREAD_READY;
  list_push_back(&ready[thread->priority], &thread->queue_node);
  ready_priorities |= (uint64_t)1 << thread->priority;
}

/* Takes the next thread to run off its list; the idle thread if there is none. */
static struct thread *take_next(void) {
  int priority = best_priority();
  if (priority < 0) return idle;
  struct list_node *node = list_pop_front(&ready[priority]);
  if (list_is_empty(&ready[priority])) ready_priorities &= ~((uint64_t)1 << priority);
  return list_entry(node, struct thread, queue_node);
}

/* The dead thread before this one can be freed now that nobody runs on its stack. */
void sched_after_switch(void) {
  if (previous != NULL && previous->state == THREAD_DYING) thread_free(previous);
  previous = NULL;
}

/* Loads what belongs to NEXT into the processor. */
static void load_thread(struct thread *next) {
  segment_set_kernel_stack((char *)next + THREAD_SIZE);
  if (next->pmap != NULL && next->pmap != active_pmap) {
    pmap_activate(next->pmap);
    active_pmap = next->pmap;
  }
}

/* Gives the processor to the next thread. */
void sched_switch(void) {
  struct thread *self = thread_current();
  ASSERT(!intr_is_on() && !intr_in_irq());
  thread_check_stack(self);
  struct thread *next = take_next();
  want_preempt = false;
  next->state = THREAD_RUNNING;
  next->ticks_left = TIME_SLICE;
  if (next == self) return;
  thread_check_stack(next);
  load_thread(next);
  thread_stats.switches++;
  previous = self;
  context_switch(&self->stack_pointer, next->stack_pointer);
  sched_after_switch();
}

/* Sets the pmap of the running thread and loads it. */
void thread_set_pmap(struct pmap *pmap) {
  bool were_on = intr_disable();
  thread_current()->pmap = pmap;
  if (pmap != active_pmap) {
    pmap_activate(pmap);
    active_pmap = pmap;
  }
  intr_restore(were_on);
}

/* Lets other threads of the same or a better priority run. */
void thread_yield(void) {
  bool were_on = intr_disable();
  struct thread *self = thread_current();
  ASSERT(self->preempt_count == 0);
  if (self != idle) make_ready(self);
  sched_switch();
  intr_restore(were_on);
}

/* Puts the running thread to sleep until somebody unblocks it.  Interrupts are off. */
void thread_block(void) {
  struct thread *self = thread_current();
  ASSERT(!intr_is_on() && !intr_in_irq());
  self->state = THREAD_BLOCKED;
  sched_switch();
}

/* Makes THREAD, which is blocked, ready; a worse one that runs is preempted as soon as it may. */
void thread_unblock(struct thread *thread) {
  bool were_on = intr_disable();
  ASSERT(thread->state == THREAD_BLOCKED);
  make_ready(thread);
  struct thread *self = thread_current();
  if (self == idle || thread->priority > self->priority) want_preempt = true;
  intr_restore(were_on);
}

/* Counts a tick of the timer, in its interrupt. */
void thread_tick(void) {
  struct thread *self = thread_current();
  if (self == idle) thread_stats.idle_ticks++;
  else if (self->process != NULL) thread_stats.user_ticks++;
  else thread_stats.kernel_ticks++;
  if (self->ticks_left > 0) self->ticks_left--;
  if (self->ticks_left == 0) want_preempt = true;
}

/* Preempts the running thread if it is time and it may be.  Interrupts are off. */
static void preempt(void) {
  struct thread *self = thread_current();
  if (!want_preempt || self->preempt_count > 0) return;
  if (self != idle) make_ready(self);
  sched_switch();
}

/* Keeps other threads from running until preempt_enable() is called as often. */
void preempt_disable(void) {
  thread_current()->preempt_count++;
  __asm__ volatile("" : : : "memory");
}

/* The counterpart: gives way to whom should have run meanwhile. */
void preempt_enable(void) {
  __asm__ volatile("" : : : "memory");
  struct thread *self = thread_current();
  ASSERT(self->preempt_count > 0);
  if (--self->preempt_count > 0 || !want_preempt || intr_in_irq()) return;
  bool were_on = intr_disable();
  if (were_on) preempt();
  intr_restore(were_on);
}

/* Runs when nobody else can. */
static void idle_loop(void *unused) {
  (void)unused;
  idle = thread_current();
  for (;;) {
    intr_disable();
    if (ready_priorities != 0) {
      sched_switch();
      intr_enable();
    } else {
      cpu_wait_for_interrupt();
    }
  }
}

/* Creates the idle thread and turns preemption on. */
void thread_start(void) {
  struct thread *thread = thread_create("idle", PRIORITY_MIN, idle_loop, NULL);
  ASSERT(thread != NULL);
  intr_disable();
  idle = thread;
  list_remove(&thread->queue_node);
  ready_priorities = 0;
  intr_set_return_hook(preempt);
  intr_enable();
}
