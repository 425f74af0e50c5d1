/* Recording the tables. */
#include "vm/addrspace.h"
#include "vm/event.h"
#include "vm/frame.h"
#include "vm/page.h"
#include "vm/port.h"
#include "vm/stats.h"
#include "vm/store.h"
#include "vm/swap.h"

#define SLOTS_OF_MASK 32

/* Bits of an entry. */
enum { ENTRY_MAPPED = 1, ENTRY_LOCKED = 2, ENTRY_FOLDED = 4 };

/* Records PAGE. */
static void note_page(const struct page *page) {
  unsigned flags = page->state | page->home << 2 | page->cached << 5 | page->syncing << 6;
  bool filed = page->cached || page->home == HOME_FILE;
  event_note(TABLE_PAGE, 0, flags, event_id(page),
             page->frame != NULL ? frame_number(page->frame) : FRAME_NONE, page->slot,
             filed ? event_id(page->store) : 0, filed ? page->index : 0);
}

/* Records the regions of AS. */
static void note_regions(struct addrspace *as) {
  struct region *region;
  for (vpn_t vpn = 0; (region = region_at_or_after(as, vpn)) != NULL; vpn = region->end) {
    const struct region_source *source = &region->source;
    event_note(TABLE_REGION, as->number, region_rights(region), event_id(region), region->start,
               region->end, source->store != NULL ? event_id(source->store) : 0,
               source->offset / VM_PAGE_SIZE);
  }
}

/* Records the entries of AS, and with the first of each page that no store has the page. */
static void note_entries(struct addrspace *as) {
  vpn_t vpn = 0;
  struct spte *spte;
  slot_t slot;
  for (; (spte = spt_next(as, &vpn, VPN_END)) != NULL; vpn++) {
    unsigned flags =
        (spte_is_mapped(spte) ? ENTRY_MAPPED : 0) | (spte_is_locked(spte) ? ENTRY_LOCKED : 0);
    event_note(TABLE_ENTRY, as->number, flags, vpn, event_id(spte->page), SLOT_NONE);
    if (spte->page->sptes == spte && !spte->page->cached && spte->page != &page_zero)
      note_page(spte->page);
  }
  for (vpn = 0; (slot = spt_next_folded(as, &vpn, VPN_END)) != SLOT_NONE; vpn++)
    event_note(TABLE_ENTRY, as->number, ENTRY_FOLDED, vpn, 0, slot);
}

/* Records the pages that STORE has. */
static void note_store(struct store *store) {
  uint32_t index = 0;
  struct page *page;
  for (; (page = radix_next(&store->pages, &index, PINDEX_LAST)) != NULL; index++) note_page(page);
}

/* Records the frames that are lent. */
static void note_frames(void) {
  ASSERT(port_vm_locked());
  for (frameno_t i = 0; i < frame_count(); i++) {
    const struct frame *frame = frame_at(i);
    if (frame->lent)
      event_note(TABLE_FRAME, 0, frame->kernel, i, frame->kernel ? 0 : event_id(frame->page),
                 frame->wired);
  }
}

/* Records the slots that are taken, 32 at a time. */
static void note_slots(void) {
  ASSERT(port_vm_locked());
  for (slot_t slot = 0; slot < swap_total(); slot += SLOTS_OF_MASK) {
    uint32_t mask = 0;
    for (slot_t i = 0; i < SLOTS_OF_MASK; i++) mask |= (uint32_t)swap_is_taken(slot + i) << i;
    if (mask != 0) event_note(TABLE_SLOTS, 0, 0, slot, mask);
  }
}

/* Records everything. */
void event_tables(void) {
  if (!event_all) return;
  port_vm_lock();
  event_note(TABLES, 0, 0, frame_count(), frame_free_count());
  list_for_each(node, &vm_addrspaces) {
    note_regions(list_entry(node, struct addrspace, node));
    note_entries(list_entry(node, struct addrspace, node));
  }
  list_for_each(node, &vm_stores) {
    note_store(list_entry(node, struct store, node));
  }
  note_frames();
  note_slots();
  event_note(TABLES_END, 0, 0, frame_free_count(), swap_used(), swap_bad());
  port_vm_unlock();
}
