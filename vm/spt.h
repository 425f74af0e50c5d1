/* The supplemental page table: which page of content stands at each virtual page that was touched.

   One entry (spte) for each; it is also the page's way back to all who map it.  Entries of
   neighbouring pages lie together in blocks, which a radix tree finds. */
#ifndef VM_SPT_H
#define VM_SPT_H

#include <stdbool.h>
#include "vm/radix.h"
#include "vm/types.h"

struct addrspace;
struct page;
struct region;

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
/* V: lets SPTE stand for PAGE instead of the page it stands for. */
void spte_move(struct spte *spte, struct page *page);
/* V: enters SPTE's page, RESIDENT, in the pmap, whose page table was prepared. */
void spte_map(struct spte *spte, bool writable);
/* V: keeps SPTE's page, RESIDENT, where it is; and gives that up.  Whether there was room. */
bool spte_lock(struct spte *spte);
void spte_unlock(struct spte *spte);
/* V only: removes SPTE's entry from the pmap, if there is one; whether it was written through. */
bool spte_unmap(struct spte *spte);
bool spte_is_mapped(const struct spte *spte);

#endif
