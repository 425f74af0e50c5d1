/* Threads of the simulated machine as POSIX threads, for ThreadSanitizer: what the code takes for
   granted on one processor, and no lock orders, becomes a reported race.

   One mutex is the VM lock; sleepers wait on a condition of their channel's bucket and look again, so a
   wake-up too many does no harm. */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include "host/random.h"
#include "host/threads.h"
#include "lib/debug.h"
#include "vm/port.h"

#define THREADS_MAX 64
#define BUCKETS     64
#define YIELDS      8 /* Of one thread are what a time slice is to a processor. */

struct thread {
  pthread_t id;
  void (*function)(void *);
  void *aux;
  uint64_t random_state;
  bool holds_vm_lock;
  void *user;
  uint32_t progress; /* What thread_got_on() counts. */
};

static struct thread threads[THREADS_MAX];
static unsigned thread_count;
static struct thread main_thread;
static _Thread_local struct thread *current = &main_thread;
static pthread_mutex_t vm_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t rig_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t owner_mutex = PTHREAD_MUTEX_INITIALIZER; /* Guards owners of port_locks. */
static pthread_cond_t buckets[BUCKETS], owner_buckets[BUCKETS];

/* The number of CHANNEL's bucket. */
static unsigned bucket_of(const void *channel) {
  return ((uintptr_t)channel >> 4) % BUCKETS;
}

/* A random number below BOUND, from the running thread's own sequence. */
uint32_t sim_random(uint32_t bound) {
  return random_below(&current->random_state, bound);
}

/* Forgets all threads. */
void threads_init(uint64_t seed) {
  main_thread.random_state = seed;
  thread_count = 0;
  for (unsigned i = 0; i < BUCKETS; i++) {
    pthread_cond_init(&buckets[i], NULL);
    pthread_cond_init(&owner_buckets[i], NULL);
  }
}

/* Where a new thread starts. */
static void *thread_main(void *thread) {
  current = thread;
  current->function(current->aux);
  return NULL;
}

/* Notes a thread; it starts with the others, in threads_run(). */
void thread_spawn(void (*function)(void *), void *aux) {
  ASSERT(current == &main_thread && thread_count < THREADS_MAX);
  threads[thread_count] =
      (struct thread){.function = function,
                      .aux = aux,
                      .random_state = main_thread.random_state + thread_count + 1};
  thread_count++;
}

/* Starts all threads and waits for their end.  A deadlock hangs here: whoever runs the program has a
   time limit. */
unsigned threads_run(void) {
  for (unsigned i = 0; i < thread_count; i++)
    if (pthread_create(&threads[i].id, NULL, thread_main, &threads[i]) != 0) PANIC("no thread");
  for (unsigned i = 0; i < thread_count; i++) pthread_join(threads[i].id, NULL);
  thread_count = 0;
  return 0;
}

/* Now and then lets another thread go first. */
void thread_switch_point(void) {
  if (sim_random(64) == 0) sched_yield();
}

/* Sleeps on CHANNEL, giving the VM lock up meanwhile. */
void thread_sleep_on(const void *channel, const char *reason) {
  (void)reason;
  ASSERT(current->holds_vm_lock);
  current->holds_vm_lock = false;
  pthread_cond_wait(&buckets[bucket_of(channel)], &vm_mutex);
  current->holds_vm_lock = true;
}

/* Wakes all sleepers of CHANNEL's bucket. */
void thread_wake_all(const void *channel) {
  pthread_cond_broadcast(&buckets[bucket_of(channel)]);
}

/* Yields about as often as a device would take. */
void thread_delay(unsigned ticks) {
  for (; ticks > 0; ticks--) sched_yield();
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

/* The rig's own lock. */
void rig_lock(void) {
  pthread_mutex_lock(&rig_mutex);
}

/* The counterpart of rig_lock(). */
void rig_unlock(void) {
  pthread_mutex_unlock(&rig_mutex);
}

/* Nothing is known of threads that wait; a debugger shows them. */
void threads_report(void) {
}

/* What a read() or write() copies may be changed through a mapping at the same time: that is between the
   programs. */
const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void) {
  return "race:copy_now\nrace:move_bounced\n";
}

/* -- vm/port.h: locks ------------------------------------------------------------------------- */

void port_vm_lock(void) {
  ASSERT(!current->holds_vm_lock);
  pthread_mutex_lock(&vm_mutex);
  current->holds_vm_lock = true;
}

bool port_vm_locked(void) {
  return current->holds_vm_lock;
}

void port_vm_unlock(void) {
  ASSERT(current->holds_vm_lock);
  current->holds_vm_lock = false;
  pthread_mutex_unlock(&vm_mutex);
}

void port_wait(const void *channel, const char *reason) {
  thread_sleep_on(channel, reason);
}

void port_wake(const void *channel) {
  thread_wake_all(channel);
}

void port_lock_init(struct port_lock *lock) {
  lock->words[0] = NULL;
}

void port_lock_acquire(struct port_lock *lock) {
  ASSERT(!current->holds_vm_lock);
  pthread_mutex_lock(&owner_mutex);
  ASSERT(lock->words[0] != current);
  while (lock->words[0] != NULL) pthread_cond_wait(&owner_buckets[bucket_of(lock)], &owner_mutex);
  lock->words[0] = current;
  pthread_mutex_unlock(&owner_mutex);
}

void port_lock_acquire_child(struct port_lock *lock) {
  port_lock_acquire(lock);
}

void port_lock_release(struct port_lock *lock) {
  pthread_mutex_lock(&owner_mutex);
  ASSERT(lock->words[0] == current);
  lock->words[0] = NULL;
  pthread_cond_broadcast(&owner_buckets[bucket_of(lock)]);
  pthread_mutex_unlock(&owner_mutex);
}

bool port_lock_is_mine(const struct port_lock *lock) {
  pthread_mutex_lock(&owner_mutex);
  bool mine = lock->words[0] == current;
  pthread_mutex_unlock(&owner_mutex);
  return mine;
}

/* As long as a slice takes others, about. */
void port_yield(void) {
  thread_delay(YIELDS);
}

void port_sleep_ms(uint32_t ms) {
  thread_delay(ms);
}
