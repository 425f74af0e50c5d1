/* Entries of supplemental page tables: one for each virtual page that was touched.  An entry is also
   its page's way back to all who map it.

   A page that lies in a slot and belongs to this entry alone needs no record of its own: the entry is *folded*, and
   names the slot itself.  vm/spt.c folds and unfolds.

   All functions: VM lock; none sleeps. */
#ifndef VM_SPTE_H
#define VM_SPTE_H

#include <stdbool.h>
#include "vm/types.h"

struct addrspace;
struct page;
struct spte_block;

struct spte {
  union {
    struct page *page; /* VM lock. */
    slot_t slot;       /* If the entry is folded.  VM lock. */
  };
  struct spte_block *block; /* Where it lies.  Fixed. */
  vpn_t vpn;                /* Fixed. */
  struct spte *next;        /* On the page's list.  VM lock. */
  struct spte **previous;   /* The pointer that points here.  VM lock. */
};

/* The entries of SPT_BLOCK pages, the first a multiple of that.  Bit i of the masks is about entries[i].
   VM lock. */
#define SPT_BLOCK 32
struct spte_block {
  struct addrspace *as; /* Fixed. */
  uint32_t present;     /* It stands for a page. */
  uint32_t folded;      /* Its page has no record, and nobody works on it. */
  uint32_t mapped;      /* Its page is entered in the pmap. */
  uint32_t locked;      /* It keeps its page pinned (vm_lock). */
  uint32_t locking;     /* Locked by the vm_lock() that is not done yet. */
  struct spte entries[SPT_BLOCK];
};

/* SPTE's bit in the masks of its block. */
static inline uint32_t spte_bit(const struct spte *spte) {
  return 1u << spte->vpn % SPT_BLOCK;
}

/* Whether SPTE's page is entered in the pmap. */
static inline bool spte_is_mapped(const struct spte *spte) {
  return (spte->block->mapped & spte_bit(spte)) != 0;
}

/* Whether SPTE keeps its page pinned. */
static inline bool spte_is_locked(const struct spte *spte) {
  return (spte->block->locked & spte_bit(spte)) != 0;
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
/* Ends the vm_lock() under way for SPTE, if that locked it; with UNDO it is not locked then. */
void spte_lock_done(struct spte *spte, bool undo);

#endif
