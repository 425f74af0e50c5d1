/* Kernel memory: whole pages of the kernel pool, and small blocks made of them.

   RAM after the kernel image is split once at boot: the kernel pool, and the user pool whose
   frames belong to vm/.  When the kernel pool runs out, single pages are borrowed from the user pool, by
   eviction if need be.  An allocation sleeps for that if the thread may: preemption and interrupts are on, and
   it holds no lock of the file system, of the disks or below (rank RANK_NAMESPACE or higher), and more than half
   of its stack is free.  Otherwise, so
   with the VM lock, it takes from the pages that are kept at hand, and fails when they are used up: then the
   caller gives up what keeps him from sleeping, calls memory_make() and tries again.  Eviction allocates
   nothing.  All may be called with preemption disabled, none by an interrupt handler.  Freed memory is filled
   with 0xcc. */
#ifndef KERN_MEMORY_H
#define KERN_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct memory_layout {
  uint32_t kernel_pages; /* Pages in the kernel pool. */
  void *user_pool;       /* First frame of the user pool, a kernel address. */
  uint32_t user_pages;   /* Frames in the user pool. */
};

/* Splits RAM up to RAM_END; the user pool gets at most USER_PAGES_MAX frames.  Panics nowhere:
   returns false if the machine is too small. */
bool memory_init(uint32_t ram_end, uint32_t user_pages_max, struct memory_layout *layout);
/* The least RAM_END that is enough. */
uint32_t memory_minimum(void);

/* Who lends single pages when the kernel pool runs out of them: TAKE gives one or NULL, GIVE takes it
   back, HAS_MORE tells whether TAKE would give COUNT, MAKE tries to bring that about.  TAKE and MAKE may sleep and
   are called only where they may; the others do not, and the VM lock may be held.  Set once, at boot. */
struct page_lender {
  void *(*take)(void);
  void (*give)(void *page);
  bool (*has_more)(uint32_t count);
  void (*make)(uint32_t count);
};
void memory_set_lender(const struct page_lender *lender);

/* Gets pages for those who may not sleep, if the caller may; false if there is none at hand and none to be
   had. */
bool memory_make(void);

/* Promises BYTES of memory, or takes a promise back if less than 0: to a process, whose page faults need so much besides
   what it had when it was made. */
void memory_promise(int32_t bytes);

/* Whether only the last pages are left, and those that have been promised.  They are for page faults, which end a process
   if there is no memory: whoever could do without, because its caller is told of an error, does. */
bool memory_is_low(void);

/* Who has memory in use only to save time.  SHRINK gives some back and returns whether there was any.  It is
   called before an allocation fails and before memory_is_low() says yes, whatever locks the caller holds, and
   must not sleep. */
struct shrinker {
  bool (*shrink)(void);
  struct shrinker *next; /* Of those that are asked after it; preemption off. */
};
/* SHRINKER, which lasts for ever, is asked from now on, after all others.  One that is asked already stays
   where it is. */
void memory_add_shrinker(struct shrinker *shrinker);
/* Asks all shrinkers. */
void memory_shrink(void);

/* COUNT contiguous pages aligned to COUNT rounded up to a power of two; NULL if there are none. */
void *page_alloc(size_t count);
void *page_alloc_zeroed(void);
void page_free(void *page, size_t count);

/* Small blocks can be had, once there are pages. */
void kmalloc_init(void);
/* Small blocks, 4-byte granular up to 64 bytes; larger ones in size classes, from 2 kB on in whole
   pages.  NULL if there is no memory.  kfree(NULL) does nothing. */
void *kmalloc(size_t size);
void *kzalloc(size_t size);
void kfree(void *block);

struct memory_stats {
  size_t pages_free, pages_total; /* Of the kernel pool. */
  size_t blocks, bytes;           /* Handed out by kmalloc and not yet freed. */
};
struct memory_stats memory_stats(void);

#endif
