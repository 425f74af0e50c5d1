/* Entries of supplemental page tables. */
#include "vm/spte.h"
#include "vm/addrspace.h"
#include "vm/event.h"
#include "vm/frame.h"
#include "vm/page.h"
#include "vm/port.h"

_Static_assert(sizeof(void *) != 4 || sizeof(struct spte) == 20, "an entry costs 20 bytes");

/* Enters SPTE's page in the pmap. */
bool spte_map(struct spte *spte, bool writable) {
  struct spte_block *block = spte->block;
  const struct page *page = spte->page;
  ASSERT(page->state == PAGE_RESIDENT);
  frameno_t frame = frame_number(page->frame);
  if (!port_pmap_enter(block->as->pmap, spte->vpn, frame, writable)) return false;
  if (spte_is_mapped(spte)) return true;
  block->mapped |= spte_bit(spte);
  addrspace_count_resident(block->as, 1);
  return true;
}

/* Removes SPTE's page from the pmap; whether it was written through. */
bool spte_unmap(struct spte *spte) {
  struct spte_block *block = spte->block;
  if (!spte_is_mapped(spte)) return false;
  block->mapped &= ~spte_bit(spte);
  addrspace_count_resident(block->as, -1);
  return port_pmap_remove(block->as->pmap, spte->vpn);
}

/* Pins SPTE's page until spte_unlock(); false if too much of the pool is. */
bool spte_lock(struct spte *spte) {
  struct spte_block *block = spte->block;
  if (spte_is_locked(spte)) return true;
  if (!frame_wire(spte->page->frame)) return false;
  block->locked |= spte_bit(spte);
  block->locking |= spte_bit(spte);
  block->as->locked++;
  event_note(LOCK, block->as->number, 0, spte->vpn, event_id(spte->page),
             frame_number(spte->page->frame));
  return true;
}

/* Lets SPTE's page go where it likes again. */
void spte_unlock(struct spte *spte) {
  struct spte_block *block = spte->block;
  if (!spte_is_locked(spte)) return;
  block->locked &= ~spte_bit(spte);
  block->as->locked--;
  event_note(UNLOCK, block->as->number, 0, spte->vpn, event_id(spte->page),
             frame_number(spte->page->frame));
  frame_unwire(spte->page->frame);
}

/* Makes the lock of SPTE, if the vm_lock() under way made it, one like others, or with UNDO none. */
void spte_lock_done(struct spte *spte, bool undo) {
  if (undo && spte->block->locking & spte_bit(spte)) spte_unlock(spte);
  spte->block->locking &= ~spte_bit(spte);
}
