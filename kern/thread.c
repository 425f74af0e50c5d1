/* Threads: their blocks, their lives. */
#include "kern/thread.h"
#include "arch/i386/context.h"
#include "arch/i386/intr.h"
#include "arch/i386/pmap.h"
#include "kern/memory.h"
#include "kern/sched.h"
#include "lib/debug.h"
#include "lib/string.h"

#define THREAD_MAGIC 0x51756972u /* "Quir" */

_Static_assert(THREAD_SIZE == KERNEL_STACK_SIZE, "a thread's block is a kernel stack");
_Static_assert(sizeof(struct thread) < THREAD_SIZE / 16, "most of the block is stack");

static struct list all_threads;
static uint32_t next_id = 1;

/* The thread in whose block the stack pointer is. */
static struct thread *running(void) {
  uintptr_t stack;
  __asm__("movl %%esp, %0" : "=r"(stack));
  return (struct thread *)(stack & ~(uintptr_t)(THREAD_SIZE - 1));
}

/* The running thread; its stack has not overflowed. */
struct thread *thread_current(void) {
  struct thread *thread = running();
  ASSERT(thread->magic == THREAD_MAGIC);
  return thread;
}

/* Panics if THREAD's stack has run into what lies below it. */
void thread_check_stack(const struct thread *thread) {
  if (thread->magic != THREAD_MAGIC) PANIC("kernel stack overflow");
}

/* Fills in THREAD, at the bottom of its block, and puts it on the list of all. */
static void thread_setup(struct thread *thread, const char *name, int priority) {
  memset(thread, 0, sizeof *thread);
  thread->id = next_id++;
  thread->priority = priority;
  strlcpy(thread->name, name, sizeof thread->name);
  thread->magic = THREAD_MAGIC;
  list_push_back(&all_threads, &thread->all_node);
}

/* Makes the running code, on the boot stack, the thread "main". */
void thread_init(void) {
  list_init(&all_threads);
  sched_init();
  struct thread *main = (struct thread *)boot_stack;
  thread_setup(main, "main", PRIORITY_DEFAULT);
  main->state = THREAD_RUNNING;
}

/* What a new thread was created to do. */
struct start {
  void (*function)(void *);
  void *aux;
};

/* Where every new thread begins, interrupts off. */
static void thread_begin(void *start) {
  struct start copy = *(struct start *)start;
  kfree(start);
  sched_after_switch();
  intr_enable();
  copy.function(copy.aux);
  thread_exit();
}

/* A new ready thread running FUNCTION(AUX); NULL if there is no memory. */
struct thread *thread_create(const char *name, int priority, void (*function)(void *), void *aux) {
  ASSERT(priority >= PRIORITY_MIN && priority <= PRIORITY_MAX);
  struct start *start = kmalloc(sizeof *start);
  struct thread *thread = start != NULL ? page_alloc(THREAD_SIZE / PAGE_SIZE) : NULL;
  if (thread == NULL) {
    kfree(start);
    return NULL;
  }
  *start = (struct start){function, aux};
  bool were_on = intr_disable();
  thread_setup(thread, name, priority);
  thread->state = THREAD_BLOCKED;
  thread->stack_pointer = context_prepare((char *)thread + THREAD_SIZE, thread_begin, start);
  thread_unblock(thread);
  intr_restore(were_on);
  return thread;
}

/* Ends the running thread; the next one to run frees its block. */
_Noreturn void thread_exit(void) {
  struct thread *self = thread_current();
  ASSERT(self->ranks_held == 0 && self->preempt_count == 0);
  thread_set_pmap(NULL);
  intr_disable();
  list_remove(&self->all_node);
  self->state = THREAD_DYING;
  sched_switch();
  NOT_REACHED();
}

/* Frees the block of THREAD, which is dead. */
void thread_free(struct thread *thread) {
  thread->magic = 0;
  page_free(thread, THREAD_SIZE / PAGE_SIZE);
}


/* Runs VISIT over all threads, interrupts off. */
void thread_for_each(void (*visit)(struct thread *, void *aux), void *aux) {
  bool were_on = intr_disable();
  list_for_each(node, &all_threads) {
    visit(list_entry(node, struct thread, all_node), aux);
  }
  intr_restore(were_on);
}

/* Threads there are, the idle thread included. */
unsigned thread_count(void) {
  unsigned count = 0;
  bool were_on = intr_disable();
  list_for_each(node, &all_threads) count++;
  intr_restore(were_on);
  return count;
}
