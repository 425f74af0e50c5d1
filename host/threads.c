/* Coroutines by ucontext. */
#include "host/threads.h"
#include <stdio.h>
#include <stdlib.h>
#include <ucontext.h>
#include "lib/debug.h"

#define THREADS_MAX 64
#define STACK_BYTES (256 * 1024)

enum state { UNUSED, READY, SLEEPING, DELAYED };

struct thread {
  enum state state;
  ucontext_t context;
  void *stack;
  void (*function)(void *);
  void *aux;
  const void *channel;
  const char *reason;
  unsigned delay;
  void *user;
};

static struct thread threads[THREADS_MAX];
static struct thread *current;
static ucontext_t scheduler;
static uint64_t random_state;

/* A random number below BOUND: splitmix64. */
uint32_t sim_random(uint32_t bound) {
  uint64_t z = random_state += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return (uint32_t)((z ^ (z >> 31)) >> 16) % bound;
}

/* Forgets all threads and starts the random sequence of SEED. */
void threads_init(uint64_t seed) {
  random_state = seed;
  current = NULL;
  for (int i = 0; i < THREADS_MAX; i++) threads[i].state = UNUSED;
}

/* Where a new thread starts. */
static void thread_main(void) {
  current->function(current->aux);
  current->state = UNUSED;
  swapcontext(&current->context, &scheduler);
}

/* A new ready thread. */
void thread_spawn(void (*function)(void *), void *aux) {
  struct thread *thread = threads;
  while (thread < threads + THREADS_MAX && thread->state != UNUSED) thread++;
  ASSERT(thread < threads + THREADS_MAX);
  if (thread->stack == NULL) thread->stack = malloc(STACK_BYTES);
  getcontext(&thread->context);
  thread->context.uc_stack.ss_sp = thread->stack;
  thread->context.uc_stack.ss_size = STACK_BYTES;
  thread->context.uc_link = NULL;
  thread->function = function;
  thread->aux = aux;
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
      swapcontext(&scheduler, &next->context);
      current = NULL;
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
  if (current != NULL && sim_random(4) == 0) leave(READY);
}

/* Sleeps until thread_wake_all(CHANNEL). */
void thread_sleep_on(const void *channel, const char *reason) {
  ASSERT(current != NULL);
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
  if (current == NULL || ticks == 0) return;
  current->delay = ticks;
  leave(DELAYED);
}

/* Something that differs from thread to thread. */
const void *thread_self(void) {
  return current;
}

/* Notes USER for the running thread. */
void thread_set_user(void *user) {
  current->user = user;
}

/* What thread_set_user() noted. */
void *thread_user(void) {
  return current->user;
}

/* Says what each sleeping thread waits for. */
void threads_report(void) {
  for (int i = 0; i < THREADS_MAX; i++)
    if (threads[i].state == SLEEPING)
      printf("thread %d waits for %s (%p)\n", i, threads[i].reason, threads[i].channel);
}
