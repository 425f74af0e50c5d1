/* The supplemental page table: which page of content stands at each virtual page that was touched.

   One entry (spte) for each; it is also the page's way back to all who map it. */
#ifndef VM_SPT_H
#define VM_SPT_H

#include <stdbool.h>
#include "vm/radix.h"
#include "vm/types.h"

struct addrspace;
struct page;

struct spte {
  struct page *page;      /* VM lock. */
  struct addrspace *as;   /* Fixed. */
  vpn_t vpn : 20;         /* Fixed. */
  uint32_t mapped : 1;    /* Entered in the pmap.  VM lock. */
  uint32_t locked : 1;    /* Keeps its page pinned (vm_lock).  VM lock. */
  struct spte *next;      /* On the page's list.  VM lock. */
  struct spte **previous; /* The pointer that points here.  VM lock. */
};

struct spt {
  struct radix entries; /* By vpn.  The address space's lock. */
};

/* The entry at VPN, or NULL.  Address space's lock, like all below; those marked V need the VM lock
   as well. */
struct spte *spt_get(struct addrspace *as, vpn_t vpn);
/* V: a new entry at VPN on PAGE's list; NULL if there is no memory. */
struct spte *spt_add(struct addrspace *as, vpn_t vpn, struct page *page);
/* V: new entries in AS for the pages of all entries of RUN, of another table, at the same places;
   false, and nothing changed, if there is no memory. */
bool spt_add_run(struct addrspace *as, const struct radix_run *run);
/* Ends the entries of pages [START, END): unmapped, their pages given up.  Takes the VM lock, a
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
