/* Sleeping locks, semaphores, conditions, and sleeping on an address.

   Every lock has a rank; a thread may only acquire a lock of a higher rank than all it holds
   (the list with its reasons is in vm/README.md).  lock_acquire() asserts it, and the owner.
   Waiters are served first come, first served within a priority. */
#ifndef KERN_SYNC_H
#define KERN_SYNC_H

#include <stdbool.h>
#include <stdint.h>
#include "lib/list.h"

struct thread;

/* Outermost first. */
enum lock_rank {
  RANK_FILE = 1,        /* proc: the position of one open file, for the whole of a call. */
  RANK_PROCESS,         /* proc: table of processes. */
  RANK_ADDRSPACE,       /* vm: regions and spt of one address space. */
  RANK_ADDRSPACE_CHILD, /* vm: the same of a child being made by fork. */
  RANK_NAMESPACE,       /* fs: directories, names. */
  RANK_INODE,           /* fs: one inode's size and block pointers. */
  RANK_ALLOC,           /* fs: free blocks and inodes. */
  RANK_BUFFER,          /* fs: the buffer cache's table. */
  RANK_FRESH,           /* fs: new blocks of files. */
  RANK_INDEX,           /* fs: indexes of directories. */
  RANK_DISK,            /* dev: one IDE channel. */
  RANK_LAST = 31
};

struct semaphore {
  unsigned value;
  struct list waiters;
};
void sema_init(struct semaphore *sema, unsigned value);
void sema_down(struct semaphore *sema); /* May sleep. */
/* Takes a unit of SEMA, whose wait may never end: false, without a unit, if thread_interrupt() was called for
   the running thread before or meanwhile.  REASON is for reports.  May sleep. */
bool sema_down_interruptible(struct semaphore *sema, const char *reason);
bool sema_try_down(struct semaphore *sema);
void sema_up(struct semaphore *sema); /* May be called by interrupt handlers. */

/* Ends the interruptible sleep that THREAD may be in, and all that it will begin.  May be called by
   interrupt handlers. */
void thread_interrupt(struct thread *thread);

/* Taking a free lock, and giving back one that nobody waits for, is one exchange of a word. */
struct lock {
  uintptr_t
      holder; /* The thread that has it, plus LOCK_WAITED if others may wait; 0 if it is free. */
  enum lock_rank rank;
  const char *name;
  struct list waiters; /* Interrupts off. */
};
#define LOCK_WAITED 1u
void lock_init(struct lock *lock, enum lock_rank rank, const char *name);
void lock_acquire(struct lock *lock); /* May sleep. */
/* Takes LOCK, which may be held for long: false, without it, if somebody has it and thread_interrupt() was called
   for the running thread before or meanwhile.  May sleep. */
bool lock_acquire_interruptible(struct lock *lock);
bool lock_try_acquire(struct lock *lock);
void lock_release(struct lock *lock);
bool lock_is_mine(const struct lock *lock);
/* Whether the running thread may sleep and holds no lock of RANK or a higher one. */
bool sync_may_sleep(enum lock_rank rank);

struct condition {
  struct list waiters;
};
void condition_init(struct condition *condition);
void condition_wait(struct condition *condition, struct lock *lock); /* Sleeps. */
void condition_broadcast(struct condition *condition, struct lock *lock);

/* Sleeping on an address: the caller has preemption disabled exactly once and checked its
   condition; the sleep gives preemption up and takes it again.  Wakers wake all sleepers on
   CHANNEL.  Callers re-check: several channels may share a queue. */
void channel_sleep(const void *channel, const char *reason);
void channel_wake(const void *channel);

#endif
