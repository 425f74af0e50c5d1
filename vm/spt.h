/* The supplemental page table: which page of content stands at each virtual page that was touched.

   Entries of neighbouring pages lie together in blocks, which a radix tree finds. */
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
      blocks; /* By vpn / SPT_BLOCK.  VM lock; to change it takes the address space's lock too. */
};

/* The entry at VPN of SPT, or NULL.  VM lock, and with it the entry stays for as long as the address space's
   lock is held, which all below that change something need too; those marked V need both. */
static inline struct spte *spt_get(struct spt *spt, vpn_t vpn) {
  struct spte_block *block = radix_get(&spt->blocks, vpn / SPT_BLOCK);
  bool found = block != NULL && block->present >> vpn % SPT_BLOCK & 1;
  return found ? &block->entries[vpn % SPT_BLOCK] : NULL;
}
/* Whether there is an entry at VPN; takes the VM lock. */
bool spt_is_touched(struct addrspace *as, vpn_t vpn);
/* V: a new entry at VPN on PAGE's list; NULL if there is no memory. */
struct spte *spt_add(struct addrspace *as, vpn_t vpn, struct page *page);
/* V: the first entry at *VPN or after it and below END, *VPN set to where it stands; or NULL. */
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
