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

/* The entries of SPT_BLOCK pages, the first a multiple of that. */
#define SPT_BLOCK 32
struct spte_block {
  uint32_t present; /* Bit i: entries[i] stands for a page. */
  struct spte entries[SPT_BLOCK];
};

struct spt {
  struct radix blocks; /* By vpn / SPT_BLOCK.  To change it takes the address space's lock and the
                          VM lock, to look one of them. */
};

/* The entry at VPN, or NULL.  Address space's lock, like all below; those marked V need the VM lock
   as well. */
struct spte *spt_get(struct addrspace *as, vpn_t vpn);
/* V: a new entry at VPN on PAGE's list; NULL if there is no memory. */
struct spte *spt_add(struct addrspace *as, vpn_t vpn, struct page *page);
/* The first entry at *VPN or after it and below END, *VPN set to where it stands; or NULL. */
struct spte *spt_next(struct addrspace *as, vpn_t *vpn, vpn_t end);
/* Gives CHILD entries for the pages of all entries in REGION, by a bounded number under the VM lock.
   If it is private nobody may write those pages any more without a copy.  False, and some are
   copied, if there is no memory. */
bool spt_copy(const struct region *region, struct addrspace *child);
/* Ends the entries of pages [START, END): unmapped, their pages given up.  Takes the VM lock, for a
   bounded number of entries at a time. */
void spt_clear(struct addrspace *as, vpn_t start, vpn_t end);
/* V: lets SPTE stand for PAGE, a copy of the page it stands for, which keeps a lock and what was
   written. */
void spte_move(struct spte *spte, struct page *page);

#endif
