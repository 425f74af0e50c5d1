/* The supplemental page table. */
#include "vm/spt.h"
#include "vm/addrspace.h"
#include "vm/frame.h"
#include "vm/page.h"
#include "vm/port.h"

_Static_assert(sizeof(void *) != 4 || sizeof(struct spte) == 20, "an entry costs 20 bytes");

/* Entries that are ended before the VM lock is let go for a moment. */
#define CLEAR_BATCH 32

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

/* Ends SPTE, which is in its table no more. */
static void spte_destroy(struct spte *spte) {
  spte_unlock(spte);
  if (spte_unmap(spte)) spte->page->dirty = true;
  page_detach(spte->page, spte);
  port_free(spte);
}

/* Ends all entries of AS in [START, END). */
void spt_clear(struct addrspace *as, vpn_t start, vpn_t end) {
  if (start >= end) return;
  uint32_t vpn = start;
  struct spte *spte;
  do {
    port_vm_lock();
    for (int i = 0; i < CLEAR_BATCH; i++) {
      spte = radix_next(&as->spt.entries, &vpn, end - 1);
      if (spte == NULL) break;
      radix_remove(&as->spt.entries, vpn);
      spte_destroy(spte);
    }
    port_vm_unlock();
  } while (spte != NULL);
}
