/* The supplemental page table: which page of content stands at each virtual page that was touched.

   Entries of neighbouring pages lie together in blocks, which a radix tree finds.  A block all of whose entries are
   folded (vm/spte.h) is *closed*: what it needs then is 4 bytes for each page. */
#ifndef VM_SPT_H
#define VM_SPT_H

#include <stdbool.h>
#include "vm/radix.h"
#include "vm/spte.h"
#include "vm/types.h"

struct addrspace;
struct page;
struct region;

struct spt {
  struct radix
      blocks; /* By vpn / SPT_BLOCK: open blocks, and closed ones with their lowest bit set.  VM lock. */
};

/* A closed block: bit i of PRESENT says that slots[i] is the slot of a page. */
struct spte_closed {
  uint32_t present;
  slot_t slots[SPT_BLOCK];
};
#define SPTE_CLOSED 1u
/* The closed block that ITEM of a table is, or NULL. */
static inline struct spte_closed *spt_closed(void *item) {
  bool closed = (uintptr_t)item & SPTE_CLOSED;
  return closed ? (struct spte_closed *)((uintptr_t)item - SPTE_CLOSED) : NULL;
}

/* CLOSED as an item of a table. */
static inline void *spt_item_of(struct spte_closed *closed) {
  return (char *)closed + SPTE_CLOSED;
}

/* The entry for VPN in ITEM of a table, a block or NULL; NULL if there is none or it is folded. */
static inline struct spte *spt_item_get(void *item, vpn_t vpn) {
  struct spte_block *block = item;
  if (item == NULL || spt_closed(item) != NULL) return NULL;
  bool found = (block->present & ~block->folded) >> vpn % SPT_BLOCK & 1;
  return found ? &block->entries[vpn % SPT_BLOCK] : NULL;
}
/* Whether ITEM has a folded entry for VPN. */
static inline bool spt_item_is_folded(void *item, vpn_t vpn) {
  if (item == NULL) return false;
  const struct spte_closed *closed = spt_closed(item);
  uint32_t folded = closed != NULL ? closed->present : ((struct spte_block *)item)->folded;
  return folded >> vpn % SPT_BLOCK & 1;
}
/* The entry at VPN of SPT, or NULL if there is none or it is folded.  VM lock.  The entry stays while its page is held
   by anybody else or not ABSENT, or until the VM lock is given up: pages fold, and those of files are forgotten, without the
   address space's lock.  Whoever
   changes something below needs that lock, too; those marked V need both. */
static inline struct spte *spt_get(struct spt *spt, vpn_t vpn) {
  return spt_item_get(radix_get(&spt->blocks, vpn / SPT_BLOCK), vpn);
}
/* The entry at VPN, which is folded, unfolded; NULL if there is no memory.  VM lock; needs no other, as no entry comes
   or goes. */
struct spte *spt_unfold(struct addrspace *as, vpn_t vpn);
/* The entry at VPN, unfolded if its page is in SLOT and there is memory; NULL if there is none like that.  VM
   lock; needs no other. */
struct spte *spt_get_in_slot(struct addrspace *as, vpn_t vpn, slot_t slot);
/* Folds the only entry of PAGE, if that is how PAGE is used; PAGE is gone then.  VM lock; needs no other, allocates no
   more than it frees, and fails nothing. */
void spt_fold(struct page *page);
/* Ends the entries of PAGE, a file's page that has left its frame, none of them mapped: who touches it next finds it by its
   region again.  PAGE is gone then, unless somebody holds it.  VM lock; needs no other, and does not sleep. */
void spt_forget(struct page *page);
/* The first folded entry at *VPN or after it and below END, *VPN set to where it stands: its slot, or SLOT_NONE if
   there is none.  VM lock. */
slot_t spt_next_folded(struct addrspace *as, vpn_t *vpn, vpn_t end);
/* Whether there is an entry at VPN; takes the VM lock. */
bool spt_is_touched(struct addrspace *as, vpn_t vpn);
/* V: a new entry at VPN on PAGE's list, where the table of AS has ITEM for VPN; NULL if there is no memory. */
struct spte *spt_add(struct addrspace *as, void *item, vpn_t vpn, struct page *page);
/* V: the first entry at *VPN or after it and below END that is not folded, *VPN set to where it stands; or NULL. */
struct spte *spt_next(struct addrspace *as, vpn_t *vpn, vpn_t end);
/* Gives CHILD entries for the pages of all entries in REGION, and maps those that its parent maps, to be
   read; page tables are made for these alone.  If REGION is private its parent may not write those pages
   any more without a copy either.  Takes the VM lock for a bounded number of entries at a time.  False,
   and some are copied, if there is no memory. */
bool spt_copy(const struct region *region, struct addrspace *child);
/* Takes the pages [START, END) out of the pmap; their entries stay.  Locks as spt_copy(). */
void spt_unmap(struct addrspace *as, vpn_t start, vpn_t end);
/* Ends the entries of pages [START, END): unmapped, their pages given up.  Takes the VM lock, for a
   bounded number of entries at a time. */
void spt_clear(struct addrspace *as, vpn_t start, vpn_t end);
/* V: lets SPTE stand for PAGE, a copy of the page it stands for, which keeps a lock and what was
   written. */
void spte_move(struct spte *spte, struct page *page);

#endif
