/* What the end of a process would give back. */
#include "vm/own.h"
#include "vm/addrspace.h"
#include "vm/anonymous.h"
#include "vm/page.h"
#include "vm/store.h"
#include "vm/walk.h"

#define TABLE_PAGES 1024u /* Virtual pages that one page table is for. */

/* A count under way. */
struct count {
  struct addrspace *as;
  struct vm_own *own;
  struct walk walk;
  vpn_t block, table; /* The next blocks of entries, and page tables, that are not counted yet. */
};

/* Among how many PAGE, which has an entry, is divided: OWN_PARTS for more than that. */
static uint32_t count_holders(const struct page *page) {
  uint32_t holders = 0;
  for (const struct spte *spte = page->sptes; spte != NULL && holders < OWN_PARTS;
       spte = spte->next)
    holders++;
  return holders;
}

/* Whether PAGE takes memory for as long as somebody has it.  A page of a file leaves for the file, unless it is locked. */
static bool takes_memory(const struct page *page) {
  if (page == &page_zero || (page->frame == NULL && page->slot == SLOT_NONE)) return false;
  if (!page->cached || page->store->anonymous) return true;
  return page->frame != NULL && page->frame->wired > 0;
}

/* Whether PAGE's store, if there is one that keeps it, ends with its last entry. */
static bool store_lets_go(const struct page *page) {
  return !page->cached || !page->store->anonymous || anonymous_has_one_user(page->store);
}

/* Counts the page of SPTE.  VM lock. */
static void count_page(struct count *count, const struct spte *spte) {
  const struct page *page = spte->page;
  if (!takes_memory(page)) return;
  uint32_t holders = count_holders(page);
  count->own->parts += OWN_PARTS / holders;
  if (holders > 1) return;
  count->own->kernel += sizeof *page;
  if (store_lets_go(page)) count->own->pages++;
}

/* Counts the block of entries that VPN is in, and the page table if it is MAPPED there, unless they are counted. */
static void count_records(struct count *count, vpn_t vpn, bool mapped) {
  if (vpn / SPT_BLOCK >= count->block) {
    count->own->kernel += sizeof(struct spte_block);
    count->block = vpn / SPT_BLOCK + 1;
  }
  if (!mapped || vpn / TABLE_PAGES < count->table) return;
  count->own->kernel += VM_PAGE_SIZE;
  count->table = vpn / TABLE_PAGES + 1;
}

/* Counts what has records.  VM lock, given up meanwhile. */
static void count_open(struct count *count) {
  const struct spte *spte;
  vpn_t vpn = 0;
  for (; (spte = spt_next(count->as, &vpn, VPN_END)) != NULL; vpn++) {
    count_page(count, spte);
    count_records(count, vpn, spte_is_mapped(spte));
    walk_step(&count->walk);
  }
}

/* Counts the pages in slots that have no records.  VM lock, given up meanwhile. */
static void count_folded(struct count *count) {
  vpn_t vpn = 0;
  for (; spt_next_folded(count->as, &vpn, VPN_END) != SLOT_NONE; vpn++) {
    count->own->pages++;
    count->own->parts += OWN_PARTS;
    count->own->kernel += sizeof(slot_t);
    walk_step(&count->walk);
  }
}

/* Counts the regions.  VM lock, given up meanwhile. */
static void count_regions(struct count *count) {
  const struct region *region;
  vpn_t vpn = 0;
  while ((region = region_at_or_after(count->as, vpn)) != NULL) {
    vpn = region->end;
    count->own->kernel += sizeof *region;
    walk_step(&count->walk);
  }
}

/* Counts all of it. */
void vm_count_own(struct addrspace *as, struct vm_own *own) {
  struct count count = {.as = as, .own = own};
  *own = (struct vm_own){0};
  port_vm_lock();
  count_open(&count);
  count_folded(&count);
  count_regions(&count);
  port_vm_unlock();
}
