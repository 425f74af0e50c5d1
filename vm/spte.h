/* Entries of supplemental page tables: one for each virtual page that was touched.  An entry is also
   its page's way back to all who map it.

   All functions: VM lock; none sleeps. */
#ifndef VM_SPTE_H
#define VM_SPTE_H

#include <stdbool.h>
#include "vm/types.h"

struct addrspace;
struct page;

struct spte {
  struct page *page;      /* VM lock. */
  struct addrspace *as;   /* Fixed. */
  vpn_t vpn : 20;         /* Fixed. */
  uint32_t mapped : 1;    /* Entered in the pmap.  VM lock. */
  uint32_t locked : 1;    /* Keeps its page pinned (vm_lock).  VM lock. */
  uint32_t fresh : 1;     /* Since the vm_lock() that is not done yet.  VM lock. */
  struct spte *next;      /* On the page's list.  VM lock. */
  struct spte **previous; /* The pointer that points here.  VM lock. */
};

/* Whether SPTE's page is entered in the pmap. */
static inline bool spte_is_mapped(const struct spte *spte) {
  return spte->mapped;
}

/* Enters SPTE's page, RESIDENT, in the pmap, in the place of what stood there; false if there is no memory
   for a page table. */
bool spte_map(struct spte *spte, bool writable);
/* Removes SPTE's page from the pmap, if it is there; whether it was written through. */
bool spte_unmap(struct spte *spte);

/* Keeps SPTE's page, RESIDENT, in its frame; false if too much of the pool is kept so. */
bool spte_lock(struct spte *spte);
/* Gives that up, if it is so. */
void spte_unlock(struct spte *spte);

#endif
