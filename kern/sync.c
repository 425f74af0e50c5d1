/* Semaphores, locks, conditions. */
#include "kern/sync.h"
#include "arch/i386/intr.h"
#include "kern/thread.h"
#include "lib/debug.h"

/* Enters the running thread in WAITERS, behind all of its priority or better. */
static void enqueue(struct list *waiters, struct thread *self) {
  struct list_node *at = waiters->head.next;
  while (at != &waiters->head &&
         list_entry(at, struct thread, queue_node)->priority >= self->priority)
    at = at->next;
  list_insert_before(at, &self->queue_node);
}

/* Sleeps in WAITERS for REASON; interrupts are off. */
static void wait_in(struct list *waiters, const char *reason, const void *object) {
  struct thread *self = thread_current();
  ASSERT(self->preempt_count == 0);
  enqueue(waiters, self);
  self->waiting_for = reason;
  self->waiting_object = object;
  thread_block();
  self->waiting_for = NULL;
}

/* Makes SEMA's value VALUE. */
void sema_init(struct semaphore *sema, unsigned value) {
  sema->value = value;
  list_init(&sema->waiters);
}

/* Takes one from SEMA, sleeping until there is one; REASON is for reports. */
static void down(struct semaphore *sema, const char *reason, const void *object) {
  bool were_on = intr_disable();
  ASSERT(!intr_in_irq());
  while (sema->value == 0) wait_in(&sema->waiters, reason, object);
  sema->value--;
  intr_restore(were_on);
}

/* Takes one from SEMA; may sleep. */
void sema_down(struct semaphore *sema) {
  down(sema, "semaphore", sema);
}

/* Takes one from SEMA if there is one; whether there was. */
bool sema_try_down(struct semaphore *sema) {
  bool were_on = intr_disable();
  bool taken = sema->value > 0;
  if (taken) sema->value--;
  intr_restore(were_on);
  return taken;
}

/* Adds one to SEMA and wakes the first waiter. */
void sema_up(struct semaphore *sema) {
  bool were_on = intr_disable();
  sema->value++;
  struct list_node *node = list_pop_front(&sema->waiters);
  if (node != NULL) thread_unblock(list_entry(node, struct thread, queue_node));
  intr_restore(were_on);
}

/* Makes LOCK a free lock of RANK, called NAME in reports. */
void lock_init(struct lock *lock, enum lock_rank rank, const char *name) {
  lock->holder = NULL;
  lock->rank = rank;
  lock->name = name;
  sema_init(&lock->semaphore, 1);
}

/* SELF has LOCK from now on. */
static void own(struct lock *lock, struct thread *self) {
  lock->holder = self;
  self->ranks_held |= 1u << lock->rank;
}

/* Takes LOCK, whose rank is above all that the running thread holds; may sleep. */
void lock_acquire(struct lock *lock) {
  struct thread *self = thread_current();
  ASSERT(lock->holder != self);
  ASSERT(self->ranks_held >> lock->rank == 0);
  if (!sema_try_down(&lock->semaphore)) down(&lock->semaphore, lock->name, lock);
  own(lock, self);
}

/* Takes LOCK if it is free; whether it was.  Never sleeps, so any order will do. */
bool lock_try_acquire(struct lock *lock) {
  ASSERT(!lock_is_mine(lock));
  if (!sema_try_down(&lock->semaphore)) return false;
  own(lock, thread_current());
  return true;
}

/* Gives LOCK, held by the running thread, back. */
void lock_release(struct lock *lock) {
  struct thread *self = thread_current();
  ASSERT(lock->holder == self);
  lock->holder = NULL;
  self->ranks_held &= ~(1u << lock->rank);
  sema_up(&lock->semaphore);
}

/* Whether the running thread has LOCK. */
bool lock_is_mine(const struct lock *lock) {
  return lock->holder == thread_current();
}

/* Makes CONDITION one nobody waits for. */
void condition_init(struct condition *condition) {
  list_init(&condition->waiters);
}

/* Waits for CONDITION without LOCK, and takes it again; callers re-check. */
void condition_wait(struct condition *condition, struct lock *lock) {
  ASSERT(lock_is_mine(lock));
  bool were_on = intr_disable();
  const char *name = lock->name;
  lock_release(lock);
  wait_in(&condition->waiters, name, condition);
  intr_restore(were_on);
  lock_acquire(lock);
}

/* Wakes the first who waits for CONDITION. */
void condition_signal(struct condition *condition, struct lock *lock) {
  ASSERT(lock_is_mine(lock));
  bool were_on = intr_disable();
  struct list_node *node = list_pop_front(&condition->waiters);
  if (node != NULL) thread_unblock(list_entry(node, struct thread, queue_node));
  intr_restore(were_on);
}

/* Wakes all who wait for CONDITION. */
void condition_broadcast(struct condition *condition, struct lock *lock) {
  while (!list_is_empty(&condition->waiters)) condition_signal(condition, lock);
}
