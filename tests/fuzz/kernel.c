/* What the kernel's own folders need of kern/: memory, threads and locks, over host/threads.h. */
#include "tests/fuzz/kernel.h"
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "arch/i386/intr.h"
#include "fs/fs.h"
#include "host/machine.h"
#include "host/threads.h"
#include "kern/memory.h"
#include "kern/thread.h"
#include "proc/process.h"
#include "vm/port.h"
#include "vm/vm.h"

#define THREADS_MAX 64
#define MEMORY_MAX  (8u << 20) /* More cannot be needed, whatever the input is. */
#define STEPS_MAX   20000000u
#define FRAMES      24
#define SLOTS       32

/* -- Memory ----------------------------------------------------------------------------------- */

/* Before each block that is handed out.  As large as keeps pages aligned where they must be. */
struct block_head {
  size_t size;
};

static size_t memory_bytes, memory_blocks;
uint32_t kernel_alloc_fails_after;

/* Counts SIZE bytes as handed out; false if they are to fail. */
static bool count_memory(size_t size) {
  if (kernel_alloc_fails_after > 0 && --kernel_alloc_fails_after == 0) return false;
  memory_bytes += size;
  memory_blocks++;
  ASSERT(memory_bytes <= MEMORY_MAX);
  return true;
}

/* SIZE bytes, filled with what the kernel fills them with. */
void *kmalloc(size_t size) {
  if (size > MEMORY_MAX || !count_memory(size)) return NULL;
  struct block_head *head = malloc(sizeof *head + size);
  head->size = size;
  return memset(head + 1, 0xcd, size);
}

/* The same, zeroed. */
void *kzalloc(size_t size) {
  void *block = kmalloc(size);
  return block == NULL ? NULL : memset(block, 0, size);
}

/* Frees either. */
void kfree(void *block) {
  if (block == NULL) return;
  struct block_head *head = (struct block_head *)block - 1;
  memory_bytes -= head->size;
  memory_blocks--;
  free(head);
}

/* COUNT pages. */
void *page_alloc(size_t count) {
  size_t size = count * VM_PAGE_SIZE;
  if (!count_memory(size)) return NULL;
  return memset(aligned_alloc(VM_PAGE_SIZE, size), 0xcd, size);
}

/* Frees them. */
void page_free(void *page, size_t count) {
  memory_bytes -= count * VM_PAGE_SIZE;
  memory_blocks--;
  free(page);
}

/* For reports. */
struct memory_stats memory_stats(void) {
  return (struct memory_stats){.blocks = memory_blocks, .bytes = memory_bytes};
}

/* -- Threads ---------------------------------------------------------------------------------- */

/* A thread: its record, where thread_current() finds it, and how it begins and ends. */
struct kthread {
  _Alignas(THREAD_SIZE) struct thread record;
  bool used;
  const void *host; /* What host/threads.h knows it by. */
  void (*function)(void *);
  void *aux;
  jmp_buf end;
};

static struct kthread kthreads[THREADS_MAX]; /* The first stands for the time outside of all. */
static struct kthread *running = kthreads;
volatile bool thread_resched;
static uint32_t steps;

/* Some address in the record of the running thread. */
void *kernel_stack(void) {
  const void *host = thread_self();
  if (running->host == host && running->used) return running;
  for (running = kthreads; !running->used || running->host != host; running++)
    if (running == &kthreads[THREADS_MAX - 1]) abort();
  return running;
}

/* Counts a step. */
void kernel_step(void) {
  if (++steps > STEPS_MAX) PANIC("no end after %u steps", steps);
}

/* Where a thread starts, and comes back to. */
static void kthread_main(void *aux) {
  struct kthread *kthread = aux;
  kthread->host = thread_self();
  if (setjmp(kthread->end) == 0) kthread->function(kthread->aux);
  ASSERT(kthread->record.ranks_held == 0 && kthread->record.preempt_count == 0);
  kthread->used = false;
}

/* A new thread; NULL if there are too many. */
struct thread *thread_create(const char *name, int priority, void (*function)(void *), void *aux) {
  struct kthread *kthread = kthreads + 1;
  while (kthread < kthreads + THREADS_MAX && kthread->used) kthread++;
  if (kthread == kthreads + THREADS_MAX) return NULL;
  kthread->record = (struct thread){.priority = priority};
  kthread->used = true;
  kthread->host = kthread; /* Not known yet. */
  kthread->function = function;
  kthread->aux = aux;
  snprintf(kthread->record.name, sizeof kthread->record.name, "%s", name);
  thread_spawn(kthread_main, kthread);
  return &kthread->record;
}

/* Ends the running thread. */
void thread_exit(void) {
  longjmp(((struct kthread *)thread_current())->end, 1);
}

/* Lets others run. */
void thread_yield(void) {
  kernel_step();
  thread_switch_point();
}

/* Never needed: thread_resched stays false. */
void thread_preempt(void) {
}

/* Threads there are. */
unsigned thread_count(void) {
  unsigned count = 0;
  for (unsigned i = 0; i < THREADS_MAX; i++) count += kthreads[i].used;
  return count;
}

/* None are kept. */
bool thread_free_spares(void) {
  return false;
}

/* Makes PMAP, the running process's, the one that user addresses mean. */
void thread_set_pmap(struct pmap *pmap) {
  struct process *process = process_current();
  ASSERT(pmap == NULL || pmap == process->as->pmap);
  machine_activate(pmap != NULL ? process->as : NULL);
}

/* -- Locks ------------------------------------------------------------------------------------ */

/* Makes a free LOCK. */
void lock_init(struct lock *lock, enum lock_rank rank, const char *name) {
  *lock = (struct lock){.rank = rank, .name = name};
}

/* Takes LOCK; its rank must be above all that the thread holds. */
void lock_acquire(struct lock *lock) {
  struct thread *self = thread_current();
  ASSERT(self->ranks_held >> lock->rank == 0 && self->preempt_count == 0 && !port_vm_locked());
  kernel_step();
  thread_switch_point();
  while (lock->holder != NULL) thread_sleep_on(lock, lock->name);
  lock->holder = self;
  self->ranks_held |= 1u << lock->rank;
}

/* Gives LOCK back. */
void lock_release(struct lock *lock) {
  ASSERT(lock_is_mine(lock));
  lock->holder = NULL;
  thread_current()->ranks_held &= ~(1u << lock->rank);
  if (thread_self() != NULL) thread_wake_all(lock);
}

/* Whether this thread holds LOCK. */
bool lock_is_mine(const struct lock *lock) {
  return lock->holder == thread_current();
}

/* A semaphore of VALUE. */
void sema_init(struct semaphore *sema, unsigned value) {
  sema->value = value;
}

/* Waits until SEMA is above 0 and takes one. */
void sema_down(struct semaphore *sema) {
  kernel_step();
  while (sema->value == 0) thread_sleep_on(sema, "a semaphore");
  sema->value--;
}

/* Gives one. */
void sema_up(struct semaphore *sema) {
  sema->value++;
  thread_wake_all(sema);
}

/* Nothing to make: the address is enough. */
void condition_init(struct condition *condition) {
  (void)condition;
}

/* Sleeps on CONDITION without LOCK. */
void condition_wait(struct condition *condition, struct lock *lock) {
  lock_release(lock);
  thread_sleep_on(condition, "a condition");
  lock_acquire(lock);
}

/* Wakes all who sleep on CONDITION. */
void condition_broadcast(struct condition *condition, struct lock *lock) {
  ASSERT(lock_is_mine(lock));
  thread_wake_all(condition);
}

/* -- Runs ------------------------------------------------------------------------------------- */

static size_t blocks_at_start;

/* A fresh machine. */
void system_start(const struct kernel_options *options) {
  for (unsigned i = 0; i < THREADS_MAX; i++) kthreads[i].used = i == 0;
  memory_bytes = memory_blocks = steps = kernel_alloc_fails_after = 0;
  machine_start(options);
  machine_init(&(struct machine_options){.seed = options->seed,
                                         .frames = options->frames > 0 ? options->frames : FRAMES,
                                         .slots = options->slots > 0 ? options->slots : SLOTS});
  blocks_at_start = machine_blocks;
}

/* Runs FUNCTION(AUX) to its end, and that of all it started. */
void system_run(void (*function)(void *), void *aux) {
  if (thread_create("fuzz", PRIORITY_DEFAULT, function, aux) == NULL) abort();
  unsigned sleeping = threads_run();
  if (sleeping > 0) PANIC("%u threads sleep for ever", sleeping);
}

/* Unmounts and looks for what is left. */
void system_finish(void) {
  kernel_alloc_fails_after = kernel_disk.fail_after = 0;
  fs_unmount();
  const char *broken = vm_check();
  if (broken != NULL) PANIC("broken: %s", broken);
  if (memory_blocks > 0 || machine_blocks != blocks_at_start)
    PANIC("left in memory: %zu blocks of the kernel, %zu of the VM", memory_blocks,
          machine_blocks - blocks_at_start);
  machine_finish();
}

/* Less memory for what was freed than a 32-bit program can spare. */
const char *__asan_default_options(void) {
  return "quarantine_size_mb=16";
}

/* The next byte of INPUT. */
uint8_t input_byte(struct input *input) {
  if (input->left == 0) return 0;
  input->left--;
  return *input->bytes++;
}

/* The next four. */
uint32_t input_word(struct input *input) {
  uint32_t word = input_byte(input);
  word |= (uint32_t)input_byte(input) << 8;
  word |= (uint32_t)input_byte(input) << 16;
  return word | (uint32_t)input_byte(input) << 24;
}
