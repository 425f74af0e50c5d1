/* What the kernel's own folders need of kern/: threads and locks, over host/threads.h. */
#include "tests/fuzz/kernel.h"
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "arch/i386/fpu.h"
#include "arch/i386/intr.h"
#include "fs/fs.h"
#include "host/machine.h"
#include "host/threads.h"
#include "kern/thread.h"
#include "proc/process.h"
#include "vm/port.h"
#include "vm/vm.h"

#undef __builtin_frame_address /* Here it is the host's. */

#define THREADS_MAX 64
#define STACK_SIZE  (256u << 10) /* Of a coroutine. */
#define STEPS_MAX   20000000u
#define FRAMES      24
#define SLOTS       32

/* -- Threads ---------------------------------------------------------------------------------- */

/* A thread: its record, where thread_current() finds it, and how it begins and ends. */
struct kthread {
  _Alignas(THREAD_SIZE) struct thread record;
  bool used;
  uintptr_t stack; /* Where it began; 0: not yet. */
  void (*function)(void *);
  void *aux;
  jmp_buf end;
};

static struct kthread kthreads[THREADS_MAX]; /* The first stands for the time outside of all. */
static struct kthread *running = kthreads;
volatile bool thread_resched;
static uint32_t steps;

/* Whether the stack of KTHREAD, which may not have begun, holds address HERE. */
static bool is_on_stack(const struct kthread *kthread, uintptr_t here) {
  return kthread->used && kthread->stack != 0 && kthread->stack - here < STACK_SIZE;
}

/* Some address in the record of the running thread: that on whose stack this call is. */
void *kernel_stack(void) {
  uintptr_t here = (uintptr_t)__builtin_frame_address(0);
  if (is_on_stack(running, here)) return running;
  for (running = kthreads + 1; running < kthreads + THREADS_MAX; running++)
    if (is_on_stack(running, here)) return running;
  return running = kthreads;
}

/* Counts a step. */
void kernel_step(void) {
  if (++steps > STEPS_MAX) PANIC("no end after %u steps", steps);
}

/* Where a thread starts, and comes back to. */
static void kthread_main(void *aux) {
  struct kthread *kthread = aux;
  kthread->stack = (uintptr_t)__builtin_frame_address(0);
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
  kthread->stack = 0;
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

/* Switches are nobody's concern. */
void thread_set_switch_hook(void (*hook)(const struct thread *next)) {
  (void)hook;
}

/* A panic is the end of the target. */
void panic_set_hook(void (*report)(void)) {
  (void)report;
}

/* All threads go in turn. */
void thread_set_priority(int priority) {
  (void)priority;
}

/* Visits all threads. */
void thread_for_each(void (*visit)(struct thread *, void *aux), void *aux) {
  for (unsigned i = 0; i < THREADS_MAX; i++)
    if (kthreads[i].used) visit(&kthreads[i].record, aux);
}

/* No tick meets anybody. */
struct thread_stats thread_stats;

/* Threads there are. */
unsigned thread_count(void) {
  unsigned count = 0;
  for (unsigned i = 0; i < THREADS_MAX; i++) count += kthreads[i].used;
  return count;
}

/* Makes PMAP, the running process's, the one that user addresses mean. */
void thread_set_pmap(struct pmap *pmap) {
  struct process *process = process_current();
  ASSERT(pmap == NULL || pmap == process->as->pmap);
  machine_activate(pmap != NULL ? process->as : NULL);
}

/* -- Floating point --------------------------------------------------------------------------- */

/* No program of the host ever uses it, so there is never anything to make, copy or forget. */
bool fpu_exists(void) {
  return false;
}

/* Not called. */
void fpu_state_init(struct fpu_state *state) {
  PANIC("no registers are ever made at %p", (void *)state);
}

/* Not called. */
void fpu_open(struct fpu_state *state) {
  PANIC("no registers are ever loaded from %p", (void *)state);
}

/* Not called. */
void fpu_copy(struct fpu_state *copy, struct fpu_state *source) {
  PANIC("no registers are ever copied from %p to %p", (void *)source, (void *)copy);
}

/* Not called. */
void fpu_forget(struct fpu_state *state) {
  PANIC("no registers are ever at %p", (void *)state);
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
  while (lock->holder != 0) thread_sleep_on(lock, lock->name);
  lock->holder = (uintptr_t)self;
  self->ranks_held |= 1u << lock->rank;
}

/* Takes LOCK, unless the thread is interrupted while somebody else has it. */
bool lock_acquire_interruptible(struct lock *lock) {
  struct thread *self = thread_current();
  while (lock->holder != 0 && !self->is_interrupted) {
    self->waiting_object = lock;
    thread_sleep_on(lock, lock->name);
  }
  self->waiting_object = NULL;
  if (lock->holder != 0) return false;
  lock_acquire(lock);
  return true;
}

/* Takes LOCK if nobody has it. */
bool lock_try_acquire(struct lock *lock) {
  if (lock->holder != 0) return false;
  lock->holder = (uintptr_t)thread_current();
  thread_current()->ranks_held |= 1u << lock->rank;
  return true;
}

/* Gives LOCK back. */
void lock_release(struct lock *lock) {
  ASSERT(lock_is_mine(lock));
  lock->holder = 0;
  thread_current()->ranks_held &= ~(1u << lock->rank);
  if (running != kthreads) thread_wake_all(lock);
}

/* Whether this thread holds LOCK. */
bool lock_is_mine(const struct lock *lock) {
  return lock->holder == (uintptr_t)thread_current();
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

/* Takes a unit of SEMA, unless the thread is interrupted. */
bool sema_down_interruptible(struct semaphore *sema, const char *reason) {
  struct thread *self = thread_current();
  kernel_step();
  while (sema->value == 0 && !self->is_interrupted) {
    self->waiting_object = sema;
    thread_sleep_on(sema, reason);
  }
  self->waiting_object = NULL;
  if (!self->is_interrupted) sema->value--;
  return !self->is_interrupted;
}

/* Wakes THREAD out of such a sleep. */
void thread_interrupt(struct thread *thread) {
  thread->is_interrupted = true;
  if (thread->waiting_object != NULL) thread_wake_all(thread->waiting_object);
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

/* Sleeps on CHANNEL, giving preemption up. */
void channel_sleep(const void *channel, const char *reason) {
  struct thread *self = thread_current();
  ASSERT(self->preempt_count == 1 && !port_vm_locked());
  self->preempt_count = 0;
  thread_sleep_on(channel, reason);
  self->preempt_count = 1;
}

/* Wakes all who sleep on CHANNEL. */
void channel_wake(const void *channel) {
  thread_wake_all(channel);
}

/* -- Runs ------------------------------------------------------------------------------------- */

static size_t blocks_at_start;

/* A fresh machine. */
void system_start(const struct kernel_options *options) {
  for (unsigned i = 0; i < THREADS_MAX; i++) kthreads[i].used = i == 0;
  steps = 0;
  kernel_memory_start();
  machine_start(options);
  machine_init(&(struct machine_options){.seed = options->seed,
                                         .frames = options->frames > 0 ? options->frames : FRAMES,
                                         .slots = options->slots > 0 ? options->slots : SLOTS});
  blocks_at_start = machine_blocks();
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
  size_t kernel = kernel_memory_blocks(), vm = machine_blocks() - blocks_at_start;
  if (kernel > 0 || vm > 0)
    PANIC("left in memory: %zu blocks of the kernel, %zu of the VM", kernel, vm);
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
