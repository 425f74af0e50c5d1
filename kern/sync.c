/* Semaphores, locks and conditions.

   Whoever ups a semaphore that somebody sleeps on hands the unit to the first sleeper: it is not
   there for others to take, so nobody starves. */
#include "kern/sync.h"
#include "arch/i386/intr.h"
#include "kern/sched.h"
#include "kern/thread.h"
#include "lib/debug.h"

/* Makes SEMA a semaphore of VALUE. */
void sema_init(struct semaphore *sema, unsigned value) {
  sema->value = value;
  list_init(&sema->waiters);
}

/* Takes a unit of SEMA if there is one.  It is one instruction, so neither an interrupt nor another
   thread comes in between. */
static inline bool take_free_unit(struct semaphore *sema) {
  unsigned value = sema->value;
  return value > 0 && __atomic_compare_exchange_n(&sema->value, &value, value - 1, false,
                                                  __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

/* Takes a unit of SEMA, sleeping until there is one; reports say that REASON, at OBJECT, is waited
   for. */
static void wait_for_unit(struct semaphore *sema, const char *reason, const void *object) {
  bool were_on = intr_disable();
  if (sema->value > 0)
    sema->value--;
  else
    sched_sleep(&sema->waiters, reason, object);
  intr_restore(were_on);
}

/* Takes a unit of SEMA.  May sleep. */
void sema_down(struct semaphore *sema) {
  ASSERT(!intr_in_irq() && thread_current()->preempt_count == 0);
  if (!take_free_unit(sema)) wait_for_unit(sema, "semaphore", sema);
}

/* Takes a unit of SEMA, sleeping until there is one or the thread is interrupted.  Who gives it a
   unit leaves the mark that the sleep may be broken off; who breaks it off takes the mark away. */
bool sema_down_interruptible(struct semaphore *sema, const char *reason) {
  struct thread *self = thread_current();
  ASSERT(!intr_in_irq() && self->preempt_count == 0);
  bool were_on = intr_disable();
  bool taken = !self->is_interrupted;
  if (taken && !take_free_unit(sema)) {
    self->is_interruptible = true;
    sched_sleep(&sema->waiters, reason, sema);
    taken = self->is_interruptible;
    self->is_interruptible = false;
  }
  intr_restore(were_on);
  return taken;
}

/* Breaks off THREAD's sleep, if that may be. */
void thread_interrupt(struct thread *thread) {
  bool were_on = intr_disable();
  thread->is_interrupted = true;
  if (thread->state == THREAD_BLOCKED && thread->is_interruptible) {
    thread->is_interruptible = false;
    list_remove(&thread->queue_node);
    thread_unblock(thread);
  }
  intr_restore(were_on);
}

/* Takes a unit of SEMA if there is one. */
bool sema_try_down(struct semaphore *sema) {
  bool were_on = intr_disable();
  bool taken = take_free_unit(sema);
  intr_restore(were_on);
  return taken;
}

/* Gives a unit to the first who waits for one, or keeps it. */
static inline void give_unit(struct semaphore *sema) {
  bool were_on = intr_disable();
  struct list_node *node = list_pop_front(&sema->waiters);
  if (node == NULL)
    sema->value++;
  else
    thread_unblock(list_entry(node, struct thread, queue_node));
  intr_restore(were_on);
  if (thread_resched) thread_preempt();
}

/* Gives a unit of SEMA back. */
void sema_up(struct semaphore *sema) {
  give_unit(sema);
}

/* Makes LOCK a free lock of RANK, called NAME in reports. */
void lock_init(struct lock *lock, enum lock_rank rank, const char *name) {
  ASSERT(rank > 0 && rank <= RANK_LAST);
  lock->holder = NULL;
  lock->rank = rank;
  lock->name = name;
  sema_init(&lock->semaphore, 1);
}

/* SELF, the running thread, has LOCK now. */
static inline void take_over(struct lock *lock, struct thread *self) {
  lock->holder = self;
  self->ranks_held |= 1u << lock->rank;
}

/* Takes LOCK, which ranks above all that the thread holds: so it is not held already.  May sleep. */
void lock_acquire(struct lock *lock) {
  struct thread *self = thread_current();
  ASSERT(self->ranks_held >> lock->rank == 0);
  ASSERT(!intr_in_irq() && self->preempt_count == 0);
  if (!take_free_unit(&lock->semaphore)) wait_for_unit(&lock->semaphore, lock->name, lock);
  take_over(lock, self);
}

/* Takes LOCK, unless the running thread is interrupted while somebody else has it. */
bool lock_acquire_interruptible(struct lock *lock) {
  struct thread *self = thread_current();
  ASSERT(self->ranks_held >> lock->rank == 0);
  if (!take_free_unit(&lock->semaphore) && !sema_down_interruptible(&lock->semaphore, lock->name))
    return false;
  take_over(lock, self);
  return true;
}

/* Takes LOCK if nobody has it.  The order of ranks need not be kept: who does not wait cannot
   deadlock. */
bool lock_try_acquire(struct lock *lock) {
  ASSERT(!lock_is_mine(lock));
  if (!sema_try_down(&lock->semaphore)) return false;
  ASSERT((thread_current()->ranks_held >> lock->rank & 1) == 0);
  take_over(lock, thread_current());
  return true;
}

/* Gives LOCK, which the thread holds, back. */
void lock_release(struct lock *lock) {
  struct thread *self = thread_current();
  ASSERT(lock->holder == self);
  lock->holder = NULL;
  self->ranks_held &= ~(1u << lock->rank);
  give_unit(&lock->semaphore);
}

/* Whether the running thread holds LOCK. */
bool lock_is_mine(const struct lock *lock) {
  return lock->holder == thread_current();
}

/* Sleep needs preemption and interrupts. */
bool sync_may_sleep(enum lock_rank rank) {
  const struct thread *self = thread_current();
  return self->preempt_count == 0 && self->ranks_held >> rank == 0 && intr_is_on() &&
         !intr_in_irq();
}

/* Makes CONDITION one that nobody waits for. */
void condition_init(struct condition *condition) {
  list_init(&condition->waiters);
}

/* Gives LOCK up, sleeps until CONDITION is signalled, and takes LOCK again.  The list is guarded by
   interrupts being off, and the thread is on it before anybody can take LOCK. */
void condition_wait(struct condition *condition, struct lock *lock) {
  ASSERT(!intr_in_irq() && lock_is_mine(lock) && thread_current()->preempt_count == 0);
  bool were_on = intr_disable();
  lock_release(lock);
  sched_sleep(&condition->waiters, "condition", condition);
  intr_restore(were_on);
  lock_acquire(lock);
}

/* Wakes the first who waits for CONDITION; whether there was one. */
static bool wake_first(struct condition *condition) {
  bool were_on = intr_disable();
  struct list_node *node = list_pop_front(&condition->waiters);
  if (node != NULL) thread_unblock(list_entry(node, struct thread, queue_node));
  intr_restore(were_on);
  return node != NULL;
}

/* Wakes all who wait for CONDITION.  LOCK is held. */
void condition_broadcast(struct condition *condition, struct lock *lock) {
  ASSERT(lock_is_mine(lock));
  while (wake_first(condition)) continue;
}
