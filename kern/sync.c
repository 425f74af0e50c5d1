/* Semaphores, locks and conditions.

   Whoever ups a semaphore that somebody sleeps on hands the unit to the first sleeper: it is not
   there for others to take, so nobody starves.  So is a lock handed over. */
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

/* Takes a unit of SEMA.  May sleep. */
void sema_down(struct semaphore *sema) {
  ASSERT(!intr_in_irq() && thread_current()->preempt_count == 0);
  if (take_free_unit(sema)) return;
  bool were_on = intr_disable();
  if (!take_free_unit(sema)) sched_sleep(&sema->waiters, "semaphore", sema);
  intr_restore(were_on);
}

/* Sleeps on QUEUE as sched_sleep(), interrupts off; whether the sleep was not broken off.  Who wakes the thread leaves the
   mark that this may be done; who breaks the sleep off takes the mark away. */
static bool sleep_interruptible(struct list *queue, const char *reason, const void *object) {
  struct thread *self = thread_current();
  self->is_interruptible = true;
  sched_sleep(queue, reason, object);
  bool woken = self->is_interruptible;
  self->is_interruptible = false;
  return woken;
}

/* Takes a unit of SEMA, sleeping until there is one or the thread is interrupted. */
bool sema_down_interruptible(struct semaphore *sema, const char *reason) {
  struct thread *self = thread_current();
  ASSERT(!intr_in_irq() && self->preempt_count == 0);
  bool were_on = intr_disable();
  bool taken = !self->is_interrupted;
  if (taken && !take_free_unit(sema)) taken = sleep_interruptible(&sema->waiters, reason, sema);
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

/* Gives a unit of SEMA to the first who waits for one, or keeps it. */
void sema_up(struct semaphore *sema) {
  bool were_on = intr_disable();
  struct list_node *node = list_pop_front(&sema->waiters);
  if (node == NULL)
    sema->value++;
  else
    thread_unblock(list_entry(node, struct thread, queue_node));
  intr_restore(were_on);
  if (thread_resched) thread_preempt();
}

/* Makes LOCK a free lock of RANK, called NAME in reports. */
void lock_init(struct lock *lock, enum lock_rank rank, const char *name) {
  ASSERT(rank > 0 && rank <= RANK_LAST);
  lock->holder = 0;
  lock->rank = rank;
  lock->name = name;
  list_init(&lock->waiters);
}

/* Takes LOCK for SELF, the running thread, if it is free. */
static inline bool take_free_lock(struct lock *lock, struct thread *self) {
  uintptr_t nobody = 0;
  return __atomic_compare_exchange_n(&lock->holder, &nobody, (uintptr_t)self, false,
                                     __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

/* Takes LOCK for SELF, sleeping until it is handed over; false if that may be broken off, as CAN_BREAK says, and was.
   The mark that others wait stays then, and whoever gives the lock back finds nobody. */
__attribute__((noinline)) static bool wait_for_lock(struct lock *lock, struct thread *self,
                                                    bool can_break) {
  bool were_on = intr_disable(), taken = true;
  if (!take_free_lock(lock, self)) {
    lock->holder |= LOCK_WAITED;
    if (can_break)
      taken = !self->is_interrupted && sleep_interruptible(&lock->waiters, lock->name, lock);
    else
      sched_sleep(&lock->waiters, lock->name, lock);
  }
  ASSERT(!taken || lock_is_mine(lock));
  intr_restore(were_on);
  return taken;
}

/* Takes LOCK, which ranks above all that the thread holds: so it is not held already.  May sleep. */
void lock_acquire(struct lock *lock) {
  struct thread *self = thread_current();
  ASSERT(self->ranks_held >> lock->rank == 0);
  ASSERT(!intr_in_irq() && self->preempt_count == 0);
  if (!take_free_lock(lock, self)) wait_for_lock(lock, self, false);
  self->ranks_held |= 1u << lock->rank;
}

/* Takes LOCK, unless the running thread is interrupted while somebody else has it. */
bool lock_acquire_interruptible(struct lock *lock) {
  struct thread *self = thread_current();
  ASSERT(self->ranks_held >> lock->rank == 0);
  ASSERT(!intr_in_irq() && self->preempt_count == 0);
  if (!take_free_lock(lock, self) && !wait_for_lock(lock, self, true)) return false;
  self->ranks_held |= 1u << lock->rank;
  return true;
}

/* Takes LOCK if nobody has it.  The order of ranks need not be kept: who does not wait cannot
   deadlock. */
bool lock_try_acquire(struct lock *lock) {
  struct thread *self = thread_current();
  ASSERT(!lock_is_mine(lock));
  if (!take_free_lock(lock, self)) return false;
  ASSERT((self->ranks_held >> lock->rank & 1) == 0);
  self->ranks_held |= 1u << lock->rank;
  return true;
}

/* Hands LOCK, which others may wait for, to the first of them. */
__attribute__((noinline)) static void hand_over(struct lock *lock) {
  bool were_on = intr_disable();
  struct list_node *node = list_pop_front(&lock->waiters);
  struct thread *next = node != NULL ? list_entry(node, struct thread, queue_node) : NULL;
  lock->holder = (uintptr_t)next + (list_is_empty(&lock->waiters) ? 0 : LOCK_WAITED);
  if (next != NULL) thread_unblock(next);
  intr_restore(were_on);
  if (thread_resched) thread_preempt();
}

/* Gives LOCK, which the thread holds, back. */
void lock_release(struct lock *lock) {
  struct thread *self = thread_current();
  ASSERT(lock_is_mine(lock));
  self->ranks_held &= ~(1u << lock->rank);
  uintptr_t mine = (uintptr_t)self;
  if (!__atomic_compare_exchange_n(&lock->holder, &mine, 0, false, __ATOMIC_RELEASE,
                                   __ATOMIC_RELAXED))
    hand_over(lock);
}

/* Whether the running thread holds LOCK. */
bool lock_is_mine(const struct lock *lock) {
  return (lock->holder & ~(uintptr_t)LOCK_WAITED) == (uintptr_t)thread_current();
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
