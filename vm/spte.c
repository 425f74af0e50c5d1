/* Entries of supplemental page tables. */
#include "vm/spte.h"
#include "vm/addrspace.h"
#include "vm/frame.h"
#include "vm/page.h"
#include "vm/port.h"

_Static_assert(sizeof(void *) != 4 || sizeof(struct spte) == 20, "an entry costs 20 bytes");

/* Enters SPTE's page in the pmap. */
bool spte_map(struct spte *spte, bool writable) {
  struct page *page = spte->page;
  ASSERT(page->state == PAGE_RESIDENT);
  if (!port_pmap_enter(spte->as->pmap, spte->vpn, frame_number(page->frame), writable))
    return false;
  if (!spte->mapped) addrspace_count_resident(spte->as, 1);
  spte->mapped = 1;
  return true;
}

/* Removes SPTE's page from the pmap; whether it was written through. */
bool spte_unmap(struct spte *spte) {
  if (!spte->mapped) return false;
  spte->mapped = 0;
  addrspace_count_resident(spte->as, -1);
  return port_pmap_remove(spte->as->pmap, spte->vpn);
}

/* Pins SPTE's page until spte_unlock(); false if too much of the pool is. */
bool spte_lock(struct spte *spte) {
  if (spte->locked) return true;
  if (!frame_wire(spte->page->frame)) return false;
  spte->locked = spte->fresh = 1;
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
