/* Bugs on purpose: a detector that was never seen to fire is not to be trusted.

   `selftest NAME` on the kernel's command line does one of them; tests/kernel/test_selftest.py knows
   what must come of each.  Nothing here is used otherwise. */
#include "init/selftest.h"
#include "arch/i386/intr.h"
#include "dev/timer.h"
#include "kern/memory.h"
#include "kern/print.h"
#include "kern/sync.h"
#include "kern/thread.h"
#include "lib/string.h"
#include "vm/frame.h"
#include "vm/supply.h"

#define BLOCK_SIZE 32
#define NAP_MS     50

/* A number that the compiler does not know. */
static volatile uint32_t zero;

/* A block that is not the only one of its slab, which would be given back with it. */
static uint32_t *new_block(void) {
  uint32_t *block = kmalloc(BLOCK_SIZE);
  ASSERT(block != NULL && kmalloc(BLOCK_SIZE) != NULL);
  return block;
}

/* assert. */
static void fail_assertion(void) {
  ASSERT(zero == 1);
}

/* null-read. */
static void read_null(void) {
  (void)*(volatile uint32_t *)(uintptr_t)zero;
}

/* null-call. */
static void call_null(void) {
  ((void (*)(void))(uintptr_t)zero)();
  zero = 0; /* Not a tail call. */
}

/* null-copy: by a function that makes no frame. */
static void copy_null(void) {
  char bytes[BLOCK_SIZE];
  memcpy(bytes, (const void *)(uintptr_t)zero, BLOCK_SIZE + zero);
  zero = 0 & bytes[0];
}

/* code-write. */
static void write_code(void) {
  *(volatile char *)(uintptr_t)write_code = 0;
}

/* divide. */
static void divide(void) {
  __asm__ volatile("divl %0" : : "r"(zero), "a"(1), "d"(0));
}

/* interrupt: one that nobody registered. */
static void raise_interrupt(void) {
  __asm__ volatile("int $0x3f");
}

/* Writes over the guard between the stack and its thread, as the deepest of many calls would. */
__attribute__((noinline)) static void use_all_stack(void) {
  volatile uint32_t *guard = &thread_current()->magic;
  volatile char *room =
      __builtin_alloca((size_t)((char *)__builtin_frame_address(0) - (char *)guard));
  room[0] = 0;
  *guard = 0;
}

/* stack-overflow: noticed at the next switch. */
static void overflow_stack(void) {
  use_all_stack();
  thread_yield();
}

/* stack-lost: with no stack at all the processor cannot even tell of the fault. */
static void lose_stack(void) {
  __asm__ volatile("movl %0, %%esp; pushl %0" : : "r"(zero + 4096) : "memory");
}

/* lock-order. */
static void take_in_wrong_order(void) {
  static struct lock inner, outer;
  lock_init(&inner, RANK_INODE, "inner");
  lock_init(&outer, RANK_ADDRSPACE, "outer");
  lock_acquire(&inner);
  lock_acquire(&outer);
}

/* lock-twice. */
static void take_twice(void) {
  static struct lock lock;
  lock_init(&lock, RANK_INODE, "lock");
  lock_acquire(&lock);
  lock_acquire(&lock);
}

/* lock-foreign. */
static void release_foreign(void) {
  static struct lock lock;
  lock_init(&lock, RANK_INODE, "lock");
  lock_release(&lock);
}

/* lock-kept. */
static void exit_with_lock(void) {
  static struct lock lock;
  lock_init(&lock, RANK_INODE, "lock");
  lock_acquire(&lock);
  thread_exit();
}

/* sleep-unpreempted. */
static void sleep_unpreempted(void) {
  preempt_disable();
  timer_sleep_ms(NAP_MS);
}

/* free-twice. */
static void free_twice(void) {
  uint32_t *block = new_block();
  kfree(block);
  kfree(block);
}

/* free-inside. */
static void free_inside(void) {
  kfree(new_block() + 1);
}

/* free-less. */
static void free_less(void) {
  void *pages = page_alloc(2);
  ASSERT(pages != NULL);
  page_free(pages, 1);
}

/* use-freed: the poison of freed memory is no address. */
static void use_freed(void) {
  uint32_t **block = (uint32_t **)(void *)new_block();
  *block = (uint32_t *)&zero;
  kfree(block);
  zero = **(uint32_t *volatile *)block;
}

/* use-freed-page: nor is that of whole pages. */
static void use_freed_page(void) {
  uint32_t **page = page_alloc(2);
  ASSERT(page != NULL);
  *page = (uint32_t *)&zero;
  page_free(page, 2);
  zero = **(uint32_t *volatile *)page;
}

/* leak: nothing notices but `check', by its counts. */
static void leak(void) {
  new_block();
}

/* frame-lost: an invariant of the VM, for `check'. */
static void lose_frame(void) {
  struct frame *frame = supply_lend_kernel();
  ASSERT(frame != NULL);
  frame->lent = false;
}

/* panic-twice. */
static void panic_twice(void) {
  panic_set_hook(fail_assertion);
  fail_assertion();
}

/* panic-fault. */
static void fault_in_panic(void) {
  panic_set_hook(read_null);
  fail_assertion();
}

/* hang. */
static void hang(void) {
  intr_disable();
  for (;;) continue;
}

/* wait: for what nobody will do. */
static void wait_for_ever(void) {
  static struct semaphore never;
  sema_init(&never, 0);
  sema_down(&never);
}

/* Says that the thread whose priority AUX points to runs. */
static void tell_priority(void *aux) {
  kprintf("selftest: priority %d\n", *(const int *)aux);
}

/* priorities: no bug, but the order in which threads run. */
static void compare_priorities(void) {
  static const int priorities[] = {PRIORITY_DEFAULT - 1, PRIORITY_DEFAULT + 1, PRIORITY_MAX};
  preempt_disable();
  for (unsigned i = 0; i < ARRAY_SIZE(priorities); i++)
    thread_create("priority", priorities[i], tell_priority, (void *)&priorities[i]);
  preempt_enable();
  kprintf("selftest: priority %d\n", thread_current()->priority);
  timer_sleep_ms(NAP_MS);
}

static const struct selftest {
  const char *name;
  void (*run)(void);
} table[] = {{"assert", fail_assertion},
             {"null-read", read_null},
             {"null-call", call_null},
             {"null-copy", copy_null},
             {"code-write", write_code},
             {"divide", divide},
             {"interrupt", raise_interrupt},
             {"stack-overflow", overflow_stack},
             {"stack-lost", lose_stack},
             {"lock-order", take_in_wrong_order},
             {"lock-twice", take_twice},
             {"lock-foreign", release_foreign},
             {"lock-kept", exit_with_lock},
             {"sleep-unpreempted", sleep_unpreempted},
             {"free-twice", free_twice},
             {"free-inside", free_inside},
             {"free-less", free_less},
             {"use-freed", use_freed},
             {"use-freed-page", use_freed_page},
             {"leak", leak},
             {"frame-lost", lose_frame},
             {"panic-twice", panic_twice},
             {"panic-fault", fault_in_panic},
             {"hang", hang},
             {"wait", wait_for_ever},
             {"priorities", compare_priorities}};

/* The self-test NAME, or NULL. */
static const struct selftest *find(const char *name) {
  for (unsigned i = 0; i < ARRAY_SIZE(table); i++)
    if (strcmp(table[i].name, name) == 0) return &table[i];
  return NULL;
}

/* Whether there is a self-test NAME. */
bool selftest_exists(const char *name) {
  return find(name) != NULL;
}

/* Does self-test NAME, which exists. */
void selftest_run(const char *name) {
  find(name)->run();
}
