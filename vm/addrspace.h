/* Address spaces: one process's regions, supplemental page table and pmap.

   - addrspace_create(), then region_add_*() (vm/region.h) by the loader, then it runs.
   - vm_fault() (vm/fault.h) resolves its faults, vm/user.h is how the kernel touches its memory.
   - addrspace_destroy() (vm/exit.h) gives everything back. */
#ifndef VM_ADDRSPACE_H
#define VM_ADDRSPACE_H

#include "lib/list.h"
#include "vm/port.h"
#include "vm/region.h"
#include "vm/spt.h"
#include "vm/stats.h"
#include "vm/turn.h"
#include "vm/types.h"

struct addrspace {
  struct port_lock lock;             /* Guards regions and spt. */
  struct region_tree regions;        /* L */
  struct spt spt;                    /* L; entries' pages: VM lock. */
  struct pmap *pmap;                 /* Fixed; entries: VM lock. */
  struct region *stack;              /* L; NULL until the stack is set up. */
  uaddr_t user_esp;                  /* Owner: esp at the last entry into the kernel. */
  uaddr_t heap_start, heap_break;    /* L; the heap's first byte, and the one after its last. */
  uaddr_t heap_used;                 /* L; where what it had ends, in the page of heap_break. */
  uint32_t stack_limit;              /* L; bytes, like the others. */
  uint32_t heap_limit, locked_limit; /* L */
  uint32_t locked;                   /* L; pages kept resident by vm_lock. */
  struct list mappings;              /* L; vm/mmap.c's. */
  int next_mapping;                  /* L */
  bool ending;                       /* L; nobody runs in it any more, and nobody will. */
  uint16_t number;                   /* What events call it; not 0.  Fixed. */
  struct list_node node;             /* On the list of all.  VM lock. */
  struct vm_counters counters;       /* VM lock. */
  struct turn_record turn;           /* VM lock. */
};

/* A new empty address space, or NULL if there is no memory.  Takes the VM lock.  May sleep. */
struct addrspace *addrspace_create(void);
/* Takes the lock of AS, for who works on its regions.  Not with the VM lock held.  May sleep. */
static inline void addrspace_lock(struct addrspace *as) {
  port_lock_acquire(&as->lock);
}
/* Gives the lock of AS back, which the caller has.  Does not sleep. */
static inline void addrspace_unlock(struct addrspace *as) {
  port_lock_release(&as->lock);
}
/* Counts CHANGE pages of AS more as mapped.  VM lock; does not sleep. */
static inline void addrspace_count_resident(struct addrspace *as, int change) {
  as->counters.resident += change;
  vm_stats.totals.resident += change;
}
/* Counts CHANGE pages of AS more as in slots.  VM lock; does not sleep. */
static inline void addrspace_count_swapped(struct addrspace *as, int change) {
  as->counters.swapped += change;
  vm_stats.totals.swapped += change;
}
/* How many mapped pages of AS other address spaces have entries for as well, each as it is when its turn comes.  Takes AS's
   lock, and the VM lock for a bounded number of entries at a time.  May sleep. */
uint32_t addrspace_count_shared(struct addrspace *as);

#endif
