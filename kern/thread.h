/* Kernel threads: preemptive, by priority, round robin among equals.

   A thread and its stack share one THREAD_SIZE block: struct thread at the bottom, the stack from
   the top down, `magic` between them as a guard that every switch checks.  The current thread is
   found by rounding the stack pointer down.
   One processor: preempt_disable() is enough to own the machine against other threads, interrupts
   stay on. */
#ifndef KERN_THREAD_H
#define KERN_THREAD_H

#include <stdbool.h>
#include <stdint.h>
#include "lib/debug.h"
#include "lib/list.h"

#define THREAD_SIZE      8192
#define THREAD_NAME_SIZE 32

enum { PRIORITY_MIN = 0, PRIORITY_DEFAULT = 31, PRIORITY_MAX = 63 };

enum thread_state { THREAD_RUNNING, THREAD_READY, THREAD_BLOCKED, THREAD_DYING };

struct pmap;
struct lock;

struct thread {
  /* Private to the scheduler (interrupts off). */
  void *stack_pointer; /* Saved by the switch; its offset is known to switch.S. */
  enum thread_state state;
  unsigned ticks_left;
  uint32_t ticks;              /* Of the timer that met it running. */
  struct list_node queue_node; /* Ready list, or the queue it waits in. */
  struct list_node all_node;
  /* About sleeps that may be broken off; interrupts off. */
  bool is_interrupted;   /* Such sleeps end at once, now and later. */
  bool is_interruptible; /* In such a sleep, and not woken out of it. */
  /* Fixed after creation. */
  uint32_t id;
  int priority; /* But for thread_set_priority(). */
  char name[THREAD_NAME_SIZE];
  /* Private to the thread itself. */
  struct pmap *pmap;          /* Loaded when it runs; NULL: any will do. */
  void *process;              /* proc/'s; NULL in a kernel thread. */
  unsigned preempt_count;     /* No preemption while above 0. */
  unsigned faults_disabled;   /* User copies fail rather than fault while above 0. */
  uint32_t ranks_held;        /* Bit r: holds a lock of rank r. */
  const char *waiting_for;    /* What it sleeps on, for reports; NULL if it does not. */
  const void *waiting_object; /* The lock, semaphore or channel. */
  uint32_t magic;             /* THREAD_MAGIC; must be last. */
};

void thread_init(void);  /* Makes the running code the thread "main". */
void thread_start(void); /* Creates the idle thread, turns preemption on. */

/* What the idle thread does while it returns true; each time it takes little, and does not sleep. */
void thread_set_idle_work(bool (*work)(void));

/* A new ready thread running FUNCTION(AUX); NULL if there is no memory. */
struct thread *thread_create(const char *name, int priority, void (*function)(void *), void *aux);
_Noreturn void thread_exit(void);
void thread_yield(void);
/* The running thread has PRIORITY from now on. */
void thread_set_priority(int priority);

/* Makes THREAD, which is blocked, ready. */
void thread_unblock(struct thread *thread);

/* Called by the timer at each tick, in its interrupt. */
void thread_tick(void);

/* The running thread. */
static inline struct thread *thread_current(void) {
  return (struct thread *)((uintptr_t)__builtin_frame_address(0) & ~(uintptr_t)(THREAD_SIZE - 1));
}

/* Set when a better thread than the running one became ready, or its slice is over. */
extern volatile bool thread_resched;
/* Yields if that is so and the running thread may be preempted here. */
void thread_preempt(void);

/* Keeps the running thread running; calls nest.  An interrupt in between leaves the count as it
   was. */
static inline void preempt_disable(void) {
  thread_current()->preempt_count++;
  __asm__ volatile("" : : : "memory");
}

/* Ends a preempt_disable(); yields if a better thread became ready meanwhile. */
static inline void preempt_enable(void) {
  struct thread *self = thread_current();
  __asm__ volatile("" : : : "memory");
  ASSERT(self->preempt_count > 0);
  if (--self->preempt_count == 0 && thread_resched) thread_preempt();
}

/* HOOK is told of each switch to another thread, interrupts off; NULL: nobody is. */
void thread_set_switch_hook(void (*hook)(const struct thread *next));

/* Sets the pmap of the current thread and loads it. */
void thread_set_pmap(struct pmap *pmap);

void thread_for_each(void (*visit)(struct thread *, void *aux), void *aux);
unsigned thread_count(void);

struct thread_stats {
  uint64_t idle_ticks, kernel_ticks, user_ticks, switches;
};
extern struct thread_stats thread_stats;

#endif
