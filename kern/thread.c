/* Threads: making them, ending them, finding them. */
#include "kern/thread.h"
#include "arch/i386/context.h"
#include "arch/i386/cpu.h"
#include "arch/i386/intr.h"
#include "kern/memory.h"
#include "kern/sched.h"
#include "kern/stack.h"
#include "lib/debug.h"
#include "lib/round.h"
#include "lib/string.h"

#define SPARES_MAX   2
#define POISON_FREED 0xcc

_Static_assert(THREAD_SIZE == KERNEL_STACK_SIZE, "the switch and the scheduler agree");
_Static_assert(offsetof(struct thread, magic) + sizeof(uint32_t) == sizeof(struct thread),
               "a stack that overflows meets the magic first");

_Static_assert(sizeof(struct thread) <= 256,
               "the rest is stack: tests/static/test_stack.py relies on it");

/* What a new thread runs; at the top of its stack. */
struct start {
  void (*function)(void *);
  void *aux;
};

/* All guarded by interrupts being off. */
static struct list all_threads;
static unsigned thread_total;
static uint32_t last_id;
/* Blocks of threads that ended, for those to come. */
static struct thread *spares[SPARES_MAX];
static unsigned spare_count;

/* Fills in THREAD and makes it known. */
static void register_thread(struct thread *thread, const char *name, int priority) {
  ASSERT(priority >= PRIORITY_MIN && priority <= PRIORITY_MAX);
  memset(thread, 0, sizeof *thread);
  thread->priority = priority;
  thread->magic = THREAD_MAGIC;
  strlcpy(thread->name, name, sizeof thread->name);
  bool were_on = intr_disable();
  thread->id = ++last_id;
  thread_total++;
  list_push_back(&all_threads, &thread->all_node);
  intr_restore(were_on);
}

/* Keeps the block of THREAD for another one, or frees it. */
static void free_thread(struct thread *thread) {
  memset(thread, POISON_FREED, sizeof *thread);
  if (spare_count < SPARES_MAX)
    spares[spare_count++] = thread;
  else
    stack_free(thread);
}

/* Frees the blocks that are kept for new threads; whether there were any. */
static bool free_spares(void) {
  bool were_on = intr_disable();
  bool any = spare_count > 0;
  while (spare_count > 0) stack_free(spares[--spare_count]);
  intr_restore(were_on);
  return any;
}

static struct shrinker shrinker = {.shrink = free_spares};

/* Makes the running code, which stands on the boot stack, the thread "main".  It is not preempted
   until thread_start(). */
void thread_init(void) {
  struct thread *self = thread_current();
  ASSERT((char *)self == boot_stack);
  list_init(&all_threads);
  sched_init(free_thread);
  memory_add_shrinker(&shrinker);
  channel_init();
  register_thread(self, "main", PRIORITY_DEFAULT);
  self->state = THREAD_RUNNING;
  self->preempt_count = 1;
}

/* Nothing is left to do. */
static bool no_work(void) {
  return false;
}

static bool (*idle_work)(void) = no_work;

/* Sets what is done when there is nothing else to do. */
void thread_set_idle_work(bool (*work)(void)) {
  idle_work = work;
}

/* The idle thread: interrupts bring others. */
static void idle(void *unused) {
  (void)unused;
  for (;;) {
    while (idle_work()) continue;
    cpu_wait_for_interrupt();
  }
}

/* Where a new thread starts, interrupts off as after every switch. */
static void thread_main(void *aux) {
  const struct start *start = aux;
  void (*function)(void *) = start->function;
  void *function_aux = start->aux;
  sched_finish_switch();
  intr_enable();
  function(function_aux);
  thread_exit();
}

/* A block for a thread, or NULL. */
static struct thread *block_alloc(void) {
  bool were_on = intr_disable();
  struct thread *block = spare_count > 0 ? spares[--spare_count] : NULL;
  intr_restore(were_on);
  return block != NULL ? block : stack_alloc();
}

/* A new thread that START tells what to do, not yet ready; NULL if there is no memory. */
static struct thread *make_thread(const char *name, int priority, struct start start) {
  struct thread *thread = block_alloc();
  if (thread == NULL) return NULL;
  register_thread(thread, name, priority);
  struct start *top = (struct start *)((char *)thread + THREAD_SIZE) - 1;
  *top = start;
  thread->stack_pointer = context_prepare(top, thread_main, top);
  return thread;
}

/* Creates the idle thread and turns interrupts and preemption on. */
void thread_start(void) {
  struct thread *thread = make_thread("idle", PRIORITY_MIN, (struct start){idle, NULL});
  ASSERT(thread != NULL);
  thread->state = THREAD_READY;
  sched_set_idle(thread);
  intr_set_return_hook(sched_irq_return);
  intr_enable();
  preempt_enable();
}

/* A new ready thread; it runs at once if it has a higher priority. */
struct thread *thread_create(const char *name, int priority, void (*function)(void *), void *aux) {
  struct thread *thread = make_thread(name, priority, (struct start){function, aux});
  if (thread == NULL) return NULL;
  bool were_on = intr_disable();
  thread->state = THREAD_BLOCKED;
  thread_unblock(thread);
  intr_restore(were_on);
  thread_preempt();
  return thread;
}

/* Ends the current thread, which holds nothing any more. */
void thread_exit(void) {
  struct thread *self = thread_current();
  ASSERT(self->preempt_count == 0 && self->ranks_held == 0 && !intr_in_irq());
  ASSERT((char *)self != boot_stack);
  intr_disable();
  list_remove(&self->all_node);
  thread_total--;
  self->state = THREAD_DYING;
  sched_leave();
}

/* Others look at it when the thread is to become ready; it runs just now. */
void thread_set_priority(int priority) {
  ASSERT(priority >= PRIORITY_MIN && priority <= PRIORITY_MAX);
  thread_current()->priority = priority;
}

/* Runs VISIT over all threads, interrupts off. */
void thread_for_each(void (*visit)(struct thread *, void *aux), void *aux) {
  bool were_on = intr_disable();
  list_for_each(node, &all_threads) {
    visit(list_entry(node, struct thread, all_node), aux);
  }
  intr_restore(were_on);
}

/* The number of threads. */
unsigned thread_count(void) {
  return thread_total;
}
