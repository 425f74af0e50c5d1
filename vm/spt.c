/* The supplemental page table. */
#include "vm/spt.h"
#include "lib/bitmap.h"
#include "vm/addrspace.h"
#include "vm/frame.h"
#include "vm/page.h"
#include "vm/port.h"

_Static_assert(sizeof(void *) != 4 || sizeof(struct spte) == 20, "an entry costs 20 bytes");

/* The entry at VPN of AS, or NULL. */
struct spte *spt_get(struct addrspace *as, vpn_t vpn) {
  return radix_get(&as->spt.entries, vpn);
}

/* A new entry at VPN of AS on PAGE's list. */
struct spte *spt_add(struct addrspace *as, vpn_t vpn, struct page *page) {
  struct spte *spte = port_alloc(sizeof *spte);
  if (spte == NULL) return NULL;
  *spte = (struct spte){.as = as, .vpn = vpn};
  if (!radix_insert(&as->spt.entries, vpn, spte)) {
    port_free(spte);
    return NULL;
  }
  page_attach(page, spte);
  return spte;
}

/* New entries in AS, for the pages that the entries of RUN stand for. */
bool spt_add_run(struct addrspace *as, const struct radix_run *run) {
  void *blocks[RADIX_SLOTS], *entries[RADIX_SLOTS];
  unsigned count = bits_count(run->mask), next = 0;
  if (!port_alloc_many(sizeof(struct spte), count, blocks)) return false;
  for (uint32_t mask = run->mask; mask != 0; mask &= mask - 1)
    entries[__builtin_ctz(mask)] = blocks[next++];
  if (!radix_insert_run(&as->spt.entries, run->first, run->mask, entries)) {
    port_free_many(count, blocks);
    return false;
  }
  for (uint32_t mask = run->mask; mask != 0; mask &= mask - 1) {
    unsigned slot = (unsigned)__builtin_ctz(mask);
    const struct spte *model = run->slots[slot];
    struct spte *spte = entries[slot];
    spte->as = as;
    spte->vpn = run->first + slot;
    spte->mapped = spte->locked = 0;
    page_attach(model->page, spte);
  }
  return true;
}

/* Whether SPTE has an entry in the pmap. */
bool spte_is_mapped(const struct spte *spte) {
  return spte->mapped;
}

/* Enters SPTE's page in the pmap, in the place of what stood there. */
void spte_map(struct spte *spte, bool writable) {
  struct page *page = spte->page;
  ASSERT(page->state == PAGE_RESIDENT);
  if (!spte->mapped) spte->as->counters.resident++;
  spte->mapped = 1;
  port_pmap_enter(spte->as->pmap, spte->vpn, frame_number(page->frame), writable);
}

/* Removes SPTE's entry from the pmap; whether it was written through. */
bool spte_unmap(struct spte *spte) {
  if (!spte->mapped) return false;
  spte->mapped = 0;
  spte->as->counters.resident--;
  return port_pmap_remove(spte->as->pmap, spte->vpn, NULL);
}

/* Pins SPTE's page until spte_unlock(); false if too much of the pool is. */
bool spte_lock(struct spte *spte) {
  if (spte->locked) return true;
  if (!frame_wire(spte->page->frame)) return false;
  spte->locked = 1;
  spte->as->locked++;
  return true;
}

/* Lets SPTE's page go where it likes again. */
void spte_unlock(struct spte *spte) {
  if (!spte->locked) return;
  spte->locked = 0;
  spte->as->locked--;
  frame_unwire(spte->page->frame);
}

/* Lets SPTE stand for PAGE, locked if the old one was; what it wrote to that is noted there. */
void spte_move(struct spte *spte, struct page *page) {
  struct page *old = spte->page;
  bool locked = spte->locked;
  spte_unlock(spte);
  if (spte_unmap(spte)) old->dirty = true;
  page_detach(old, spte);
  page_attach(page, spte);
  if (locked) spte_lock(spte);
}

/* Ends the entries of RUN, neighbours in AS.  They leave the pmap first, then what was written is
   noted. */
static void clear_run(struct addrspace *as, const struct radix_run *run) {
  void *sptes[RADIX_SLOTS];
  unsigned count = 0, mapped = 0;
  uint32_t dirty = port_pmap_remove_run(as->pmap, run->first, run->mask);
  for (uint32_t mask = run->mask; mask != 0; mask &= mask - 1) {
    unsigned slot = (unsigned)__builtin_ctz(mask);
    struct spte *spte = run->slots[slot];
    struct page *page = spte->page;
    mapped += spte->mapped;
    spte_unlock(spte);
    if (dirty >> slot & 1) page->dirty = true;
    page_detach(page, spte);
    sptes[count++] = spte;
  }
  as->counters.resident -= mapped;
  radix_remove_run(&as->spt.entries, run->first, run->mask);
  port_free_many(count, sptes);
}

/* Ends all entries of AS in [START, END). */
void spt_clear(struct addrspace *as, vpn_t start, vpn_t end) {
  bool found = true;
  while (found && start < end) {
    struct radix_run run;
    port_vm_lock();
    found = radix_next_run(&as->spt.entries, start, end - 1, &run);
    if (found) {
      start = run.first + RADIX_SLOTS;
      clear_run(as, &run);
    }
    port_vm_unlock();
  }
}
