/* What a process's memory is made of. */
#include "vm/usage.h"
#include "vm/addrspace.h"
#include "vm/page.h"
#include "vm/store.h"
#include "vm/walk.h"

/* Copies REGION to FACTS.  VM lock. */
static void describe_region(const struct region *region, struct vm_region_facts *facts) {
  const struct store *store = region->source.store;
  *facts = (struct vm_region_facts){.start = vpn_address(region->start),
                                    .end = vpn_address(region->end),
                                    .prot = region->prot,
                                    .kind = region->kind,
                                    .shared = region->shared};
  if (store == NULL || store->anonymous) return;
  facts->file = store->number;
  facts->offset = region->source.offset;
}

/* Looks for the region at FROM or behind it. */
bool vm_region_facts(struct addrspace *as, uaddr_t from, struct vm_region_facts *facts) {
  port_vm_lock();
  const struct region *region = region_at_or_after(as, vpn_of(from));
  if (region != NULL) describe_region(region, facts);
  port_vm_unlock();
  return region != NULL;
}

/* Among how many PAGE, which has an entry, is divided: those who map it, if MAPPED, or all who have it. */
static uint32_t count_sharers(const struct page *page, bool mapped) {
  uint32_t sharers = 0;
  for (const struct spte *spte = page->sptes; spte != NULL && sharers < USAGE_SHARERS_MAX;
       spte = spte->next)
    if (!mapped || spte_is_mapped(spte)) sharers++;
  return sharers;
}

/* Counts PAGE, which is mapped.  VM lock. */
static void count_mapped(struct vm_usage *usage, const struct page *page) {
  uint32_t sharers = count_sharers(page, true);
  bool dirty = page_is_dirty(page), shared = sharers > 1;
  usage->mapped++;
  usage->share += VM_PAGE_SIZE / sharers;
  if (dirty) usage->dirty_share += VM_PAGE_SIZE / sharers;
  if (shared)
    *(dirty ? &usage->shared_dirty : &usage->shared_clean) += 1;
  else
    *(dirty ? &usage->private_dirty : &usage->private_clean) += 1;
  if (page->cached) *(page->store->anonymous ? &usage->of_shared_memory : &usage->of_files) += 1;
}

/* Counts the page of SPTE, by where it is.  VM lock. */
static void count_entry(struct vm_usage *usage, const struct spte *spte) {
  const struct page *page = spte->page;
  if (spte_is_locked(spte)) usage->locked++;
  if (spte_is_mapped(spte)) {
    if (page != &page_zero) count_mapped(usage, page);
  } else if (page->slot != SLOT_NONE && page->frame == NULL) {
    usage->swapped++;
    usage->swap_share += VM_PAGE_SIZE / count_sharers(page, false);
  }
}

/* Counts pages [VPN, END) that have records.  VM lock, given up meanwhile. */
static void count_open(struct addrspace *as, vpn_t vpn, vpn_t end, struct vm_usage *usage) {
  struct walk walk = {0};
  const struct spte *spte;
  for (; (spte = spt_next(as, &vpn, end)) != NULL; vpn++) {
    count_entry(usage, spte);
    walk_step(&walk);
  }
}

/* Counts pages [VPN, END) in slots that have none: nobody shares them.  VM lock, given up meanwhile. */
static void count_folded(struct addrspace *as, vpn_t vpn, vpn_t end, struct vm_usage *usage) {
  struct walk walk = {0};
  for (; spt_next_folded(as, &vpn, end) != SLOT_NONE; vpn++) {
    usage->swapped++;
    usage->swap_share += VM_PAGE_SIZE;
    walk_step(&walk);
  }
}

/* Counts all of it. */
void vm_count_usage(struct addrspace *as, uaddr_t start, uaddr_t end, struct vm_usage *usage) {
  *usage = (struct vm_usage){0};
  port_vm_lock();
  count_open(as, vpn_of(start), vpn_of(end), usage);
  count_folded(as, vpn_of(start), vpn_of(end), usage);
  port_vm_unlock();
}
