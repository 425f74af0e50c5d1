/* Threads of the simulated machine as coroutines by ucontext. */
#include <stdio.h>
#include <stdlib.h>
#include <ucontext.h>
#include "host/machine.h"
#include "host/random.h"
#include "host/threads.h"
#include "lib/debug.h"
#include "vm/port.h"

#define THREADS_MAX 64
#define STACK_BYTES (256 * 1024)
/* Runs from one switch to the next that are what a time slice is to a processor. */
#define SLICE_RUNS 8

enum state { FREE, READY, SLEEPING, DELAYED };

struct thread {
  enum state state;
  ucontext_t context;
  void *stack;
  void (*function)(void *);
  void *aux;
  const void *channel;
  const char *reason;
  unsigned delay;
  unsigned runs; /* So far. */
  void *user;
  uint32_t progress; /* What thread_got_on() counts. */
};

static struct thread threads[THREADS_MAX];
static struct thread main_thread; /* Whoever calls threads_run(). */
static struct thread *current = &main_thread;
static ucontext_t scheduler;
static uint64_t random_state;
static const struct thread *vm_lock_holder;

/* A random number below BOUND. */
uint32_t sim_random(uint32_t bound) {
  return random_below(&random_state, bound);
}

/* Forgets all threads and starts the random sequence of SEED. */
void threads_init(uint64_t seed) {
  random_state = seed;
  current = &main_thread;
  vm_lock_holder = NULL;
  for (int i = 0; i < THREADS_MAX; i++) threads[i].state = FREE;
}

/* Where a new thread starts. */
static void thread_main(void) {
  current->function(current->aux);
  current->state = FREE;
  swapcontext(&current->context, &scheduler);
}

/* A new ready thread. */
void thread_spawn(void (*function)(void *), void *aux) {
  struct thread *thread = threads;
  while (thread < threads + THREADS_MAX && thread->state != FREE) thread++;
  ASSERT(thread < threads + THREADS_MAX);
  if (thread->stack == NULL) thread->stack = host_alloc(STACK_BYTES);
  getcontext(&thread->context);
  thread->context.uc_stack.ss_sp = thread->stack;
  thread->context.uc_stack.ss_size = STACK_BYTES;
  thread->context.uc_link = NULL;
  thread->function = function;
  thread->aux = aux;
  thread->user = NULL;
  thread->state = READY;
  makecontext(&thread->context, thread_main, 0);
}

/* The thread to run next: any that is ready, by the seed; NULL if there is none. */
static struct thread *choose(void) {
  struct thread *chosen = NULL;
  unsigned seen = 0;
  for (struct thread *thread = threads; thread < threads + THREADS_MAX; thread++) {
    if (thread->state == DELAYED && --thread->delay == 0) thread->state = READY;
    if (thread->state == READY && sim_random(++seen) == 0) chosen = thread;
  }
  return chosen;
}

/* Threads in state STATE. */
static unsigned count(enum state state) {
  unsigned found = 0;
  for (int i = 0; i < THREADS_MAX; i++) found += threads[i].state == state;
  return found;
}

/* Runs threads until none can go on. */
unsigned threads_run(void) {
  for (;;) {
    struct thread *next = choose();
    if (next != NULL) {
      current = next;
      next->runs++;
      swapcontext(&scheduler, &next->context);
      current = &main_thread;
    } else if (count(DELAYED) == 0) {
      return count(SLEEPING);
    }
  }
}

/* Gives the processor up in STATE. */
static void leave(enum state state) {
  current->state = state;
  swapcontext(&current->context, &scheduler);
}

/* Every fourth time, another thread may run here. */
void thread_switch_point(void) {
  if (current != &main_thread && sim_random(4) == 0) leave(READY);
}

/* Sleeps until thread_wake_all(CHANNEL). */
void thread_sleep_on(const void *channel, const char *reason) {
  ASSERT(current != &main_thread);
  current->channel = channel;
  current->reason = reason;
  leave(SLEEPING);
}

/* Makes all sleepers on CHANNEL ready. */
void thread_wake_all(const void *channel) {
  for (struct thread *thread = threads; thread < threads + THREADS_MAX; thread++)
    if (thread->state == SLEEPING && thread->channel == channel) thread->state = READY;
}

/* Lets others run for about TICKS switches. */
void thread_delay(unsigned ticks) {
  if (current == &main_thread || ticks == 0) return;
  current->delay = ticks;
  leave(DELAYED);
}

/* Notes USER for the running thread. */
void thread_set_user(void *user) {
  current->user = user;
}

/* What thread_set_user() noted. */
void *thread_user(void) {
  return current->user;
}

/* Counts an instruction. */
void thread_got_on(void) {
  current->progress++;
}

/* Instructions of the running thread's program so far. */
uint32_t port_progress(void) {
  return current->progress;
}

/* Coroutines need no lock of their own. */
void rig_lock(void) {
}

/* The counterpart of rig_lock(). */
void rig_unlock(void) {
}

/* Says what each sleeping thread waits for. */
void threads_report(void) {
  for (int i = 0; i < THREADS_MAX; i++)
    if (threads[i].state == SLEEPING)
      printf("thread %d waits for %s (%p)\n", i, threads[i].reason, threads[i].channel);
}

/* -- vm/port.h: locks ------------------------------------------------------------------------- */

void port_vm_lock(void) {
  ASSERT(vm_lock_holder == NULL);
  vm_lock_holder = current;
}

bool port_vm_locked(void) {
  return vm_lock_holder != NULL;
}

void port_vm_unlock(void) {
  ASSERT(vm_lock_holder == current);
  vm_lock_holder = NULL;
  thread_switch_point();
}

void port_wait(const void *channel, const char *reason) {
  ASSERT(vm_lock_holder == current);
  vm_lock_holder = NULL;
  thread_sleep_on(channel, reason);
  ASSERT(vm_lock_holder == NULL);
  vm_lock_holder = current;
}

void port_wake(const void *channel) {
  thread_wake_all(channel);
}

void port_lock_init(struct port_lock *lock) {
  lock->words[0] = NULL;
}

void port_lock_acquire(struct port_lock *lock) {
  ASSERT(vm_lock_holder == NULL && lock->words[0] != current);
  thread_switch_point();
  while (lock->words[0] != NULL) thread_sleep_on(lock, "an address space's lock");
  lock->words[0] = current;
}

void port_lock_acquire_child(struct port_lock *lock) {
  port_lock_acquire(lock);
}

void port_lock_release(struct port_lock *lock) {
  ASSERT(lock->words[0] == current);
  lock->words[0] = NULL;
  thread_wake_all(lock);
}

bool port_lock_is_mine(const struct port_lock *lock) {
  return lock->words[0] == current;
}

/* Threads run in no order here; so this lasts until each that is ready has had a slice. */
void port_yield(void) {
  unsigned ends[THREADS_MAX];
  bool others = current != &main_thread;
  for (int i = 0; i < THREADS_MAX; i++) ends[i] = threads[i].runs + SLICE_RUNS;
  while (others) {
    others = false;
    for (int i = 0; i < THREADS_MAX && !others; i++)
      others = &threads[i] != current && threads[i].state == READY &&
               (int)(ends[i] - threads[i].runs) > 0;
    if (others) leave(READY);
  }
}

void port_sleep_ms(uint32_t ms) {
  thread_delay(ms);
}
