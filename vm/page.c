/* Pages and their lives. */
#include "vm/page.h"
#include "vm/addrspace.h"
#include "vm/event.h"
#include "vm/frame.h"
#include "vm/port.h"
#include "vm/stats.h"
#include "vm/store.h"
#include "vm/swap.h"

_Static_assert(sizeof(void *) != 4 || sizeof(struct page) == 28, "a page costs 28 bytes");

/* Owners of pages differ in their keys by multiples of this, so that their pages differ. */
#define KEY_STEP 0x9e3779b1u

/* Never dies, never leaves, is nobody's alone. */
struct page page_zero = {.state = PAGE_ABSENT, .home = HOME_ZERO, .slot = SLOT_NONE, .refs = 1};

unsigned page_waiters;

/* Lends page_zero the frame behind the pool's. */
void page_init(void) {
  struct frame *frame = frame_at(frame_count());
  *frame = (struct frame){.page = &page_zero, .lent = true};
  frame_pin(frame);
  port_zero_page(frame_memory(frame));
  page_waiters = 0;
  page_zero.frame = frame;
  page_zero.state = PAGE_RESIDENT;
}

/* Fills PAGE in as an ABSENT one of HOME, with SLOT, held once by SPTE or, if that is NULL, by the caller.  Field by
   field: as a whole it would be cleared in a loop. */
static inline void fill_in(struct page *page, enum page_home home, slot_t slot, struct spte *spte) {
  page->word = PAGE_HOMES(home);
  page->refs = 1;
  page->frame = NULL;
  page->slot = slot;
  page->store = NULL;
  page->index = 0;
  page->length = 0;
  page->sptes = spte;
}

/* A new ABSENT page of zeroes, held once. */
struct page *page_create(void) {
  struct page *page = port_alloc(sizeof *page);
  if (page == NULL) return NULL;
  fill_in(page, HOME_ZERO, SLOT_NONE, NULL);
  vm_pages_live++;
  return page;
}

/* PAGE, cached, came into a frame or went out of it: CHANGE is 1 or -1. */
static inline void count_cached(struct page *page, int change) {
  page->store->resident += change;
  vm_stats.pages_cached += change;
}

/* Ends PAGE, which nobody uses: its frame and slot become free. */
static void page_destroy(struct page *page) {
  ASSERT(page->sptes == NULL && page != &page_zero);
  if (page->cached) {
    void *removed = radix_remove(&page->store->pages, page->index);
    ASSERT(removed == page);
    if (page->frame != NULL) count_cached(page, -1);
  }
  if (page->frame != NULL)
    frame_free(page->frame);
  else
    event_trace(GONE, 0, 0, event_id(page));
  if (page->slot != SLOT_NONE) swap_free(page->slot);
  port_free(page);
  vm_pages_live--;
}

/* Ends PAGE, which nobody holds.  A cached page stays while it has a frame and its store is alive. */
void page_unused(struct page *page) {
  ASSERT(port_vm_locked() && page->refs == 0);
  ASSERT(page->state == PAGE_ABSENT || page->state == PAGE_RESIDENT);
  if (page->cached && page->frame != NULL) return;
  page_destroy(page);
}

/* Ends PAGE, held by the caller alone, cached or not. */
void page_drop(struct page *page) {
  ASSERT(page->refs == 1);
  page->refs = 0;
  page_destroy(page);
}

/* Ends PAGE and leaves its slot. */
slot_t page_fold(struct page *page) {
  slot_t slot = page->slot;
  const struct spte *spte = page->sptes;
  ASSERT(page->refs == 1 && spte->next == NULL);
  event_trace(FOLD, spte->block->as->number, 0, spte->vpn, event_id(page), slot);
  port_free(page);
  vm_pages_live--;
  return slot;
}

/* Makes the page in SLOT again, which SPTE's process counts already. */
struct page *page_unfold(slot_t slot, struct spte *spte) {
  ASSERT(port_vm_locked() && slot != SLOT_NONE);
  struct page *page = port_alloc(sizeof *page);
  if (page == NULL) return NULL;
  fill_in(page, HOME_SWAP, slot, spte);
  spte->page = page;
  spte->next = NULL;
  spte->previous = &page->sptes;
  vm_pages_live++;
  event_trace(UNFOLD, spte->block->as->number, 0, spte->vpn, event_id(page), slot);
  return page;
}

/* Whether PAGE, when dirty, goes to its file rather than to a slot. */
bool page_belongs_to_file(const struct page *page) {
  return page->cached && !page->store->anonymous;
}

/* Counts a page in a slot for SPTE's process, or no longer. */
void page_count_swapped(struct spte *spte, int change) {
  addrspace_count_swapped(spte->block->as, change);
}

/* Changes PAGE's slot (SLOT_NONE: it has none), which its users count as swapped. */
void page_set_slot(struct page *page, slot_t slot) {
  int change = (slot != SLOT_NONE) - (page->slot != SLOT_NONE);
  page->slot = slot;
  event_trace(IN_SLOT, 0, 0, event_id(page), slot);
  if (change == 0) return;
  for (struct spte *spte = page->sptes; spte != NULL; spte = spte->next)
    page_count_swapped(spte, change);
}

/* A pmap knew of a write to PAGE: it is dirty, and its file, if it is a file's, was written by a mapping. */
void page_note_write(struct page *page) {
  page->dirty = true;
  if (page->cached) __atomic_store_n(&page->store->mapping_wrote, true, __ATOMIC_RELAXED);
}

/* Whether PAGE, or a pmap that maps it, knows of a write. */
bool page_is_dirty(const struct page *page) {
  if (page->dirty) return true;
  for (const struct spte *spte = page->sptes; spte != NULL; spte = spte->next)
    if (spte_is_mapped(spte) && port_pmap_is_dirty(spte->block->as->pmap, spte->vpn)) return true;
  return false;
}

/* Whether PAGE was touched lately; forgets it in every pmap, so none may be left out. */
bool page_take_accessed(const struct page *page) {
  bool accessed = page->frame->accessed;
  page->frame->accessed = 0;
  for (const struct spte *spte = page->sptes; spte != NULL; spte = spte->next)
    if (spte_is_mapped(spte) && port_pmap_take_accessed(spte->block->as->pmap, spte->vpn))
      accessed = true;
  return accessed;
}

/* Collects into page->dirty what the pmaps know.  With REMOVE every entry is removed before its
   dirty bit is looked at: a write between the two orders would be lost. */
void page_collect_dirty(struct page *page, bool remove) {
  for (struct spte *spte = page->sptes; spte != NULL; spte = spte->next) {
    bool dirty = remove ? spte_unmap(spte) : port_pmap_take_dirty(spte->block->as->pmap, spte->vpn);
    if (dirty) page_note_write(page);
  }
  if (remove) event_trace(UNMAPPED, 0, page->dirty, event_id(page));
}

/* Takes the right to write to PAGE from all pmaps, until the next fault. */
void page_write_protect(struct page *page) {
  for (struct spte *spte = page->sptes; spte != NULL; spte = spte->next)
    if (spte_is_mapped(spte)) port_pmap_write_protect(spte->block->as->pmap, spte->vpn);
}

/* Panics about PAGE, with all that page_assert() looked at. */
void page_illegal(const struct page *page) {
  static const char *const names[] = {"ABSENT", "ARRIVING", "RESIDENT", "LEAVING", "SYNCING"};
  const char *home = page->home == HOME_ZERO ? "ZERO" : page->home == HOME_FILE ? "FILE" : "SWAP";
  const struct frame *frame = page->frame;
  PANIC("a page %s is not legal: home %s,%s%s%s%s%s %u uses, frame %x (%u pins)",
        names[page_row(page) - page_rows], home, page->cached ? " cached," : "",
        page->syncing ? " syncing," : "", page->dirty ? " dirty," : "",
        page->unwritten ? " unwritten," : "", page->slot != SLOT_NONE ? " in a slot," : "",
        (unsigned)page->refs, frame != NULL ? (unsigned)frame->word >> 24 : 0,
        frame != NULL ? frame->pins : 0);
}

/* Waits for PAGE to come to rest. */
void page_wait(struct page *page, const char *reason) {
  ASSERT(port_vm_locked());
  page_waiters++;
  port_wait(page, reason);
  page_waiters--;
}

/* Wakes those who wait for PAGE. */
void page_wake_all(struct page *page) {
  port_wake(page);
}

/* The number by which policies know PAGE again: that of its place in its store, or else in the first address
   space that maps it. */
static page_key_t page_key(const struct page *page) {
  const struct spte *spte = page->sptes;
  uintptr_t owner = (uintptr_t)(page->cached   ? (const void *)page->store
                                : spte != NULL ? spte->block->as
                                               : NULL);
  uint32_t number = page->cached ? page->index : spte != NULL ? spte->vpn : 0;
  return (uint32_t)(owner / sizeof(void *)) * KEY_STEP + number;
}

/* PAGE's frame was filled: it is RESIDENT from now on. */
void page_arrived(struct page *page, enum policy_why why) {
  ASSERT(page->state == PAGE_ARRIVING && page->frame != NULL);
  frame_admit(page->frame, page_key(page), why);
  page_enter_state(page, PAGE_RESIDENT);
  if (page->cached) count_cached(page, 1);
  page_wake(page);
  frame_settled();
}

/* PAGE is ABSENT again. */
void page_not_arrived(struct page *page) {
  ASSERT(page->state == PAGE_ARRIVING);
  if (page->frame != NULL) frame_free(page->frame);
  page_enter_state(page, PAGE_ABSENT);
  page_wake(page);
}

/* PAGE is on its way out from now on: nobody can use it until it has left or comes back. */
void page_start_leaving(struct page *page) {
  ASSERT(page->state == PAGE_RESIDENT && !page->syncing);
  page_get(page);
  page_enter_state(page, PAGE_LEAVING);
  frame_start_leaving();
}

/* PAGE stays in its frame. */
void page_not_left(struct page *page) {
  ASSERT(page->state == PAGE_LEAVING);
  frame_end_leaving();
  page->dirty = true;
  event_trace(NOT_LEFT, 0, 0, event_id(page));
  page_enter_state(page, PAGE_RESIDENT);
  page_wake(page);
  frame_settled();
  page_put(page);
}

/* Takes PAGE out of its frame.  A cached page that nobody holds ends with that. */
void page_leave_frame(struct page *page) {
  ASSERT(page->state == PAGE_RESIDENT || page->state == PAGE_LEAVING);
  if (page->state == PAGE_LEAVING) frame_end_leaving();
  if (page->cached) count_cached(page, -1);
  frame_free(page->frame);
  page_get(page);
  page->dirty = page->unwritten = false;
  page_enter_state(page, PAGE_ABSENT);
  page_wake(page);
  page_put(page);
}

/* PAGE stays where it is while it is written. */
void page_start_syncing(struct page *page) {
  ASSERT(page->state == PAGE_RESIDENT && !page->syncing);
  page_get(page);
  frame_pin(page->frame);
  page->syncing = true;
  event_trace(SYNC, 0, 0, event_id(page), frame_number(page->frame));
  page_assert(page);
}

/* PAGE was written; if it could not be, it is dirty. */
void page_end_syncing(struct page *page) {
  ASSERT(page->state == PAGE_RESIDENT && page->syncing);
  page_assert(page);
  if (page->unwritten) page->dirty = true;
  page->syncing = false;
  event_trace(SYNC_DONE, 0, page->dirty, event_id(page));
  page_assert(page);
  page_unpin(page);
  page_put(page);
}

/* Gives up one pin; those who wait for PAGE to be let go look again. */
void page_unpin(struct page *page) {
  ASSERT(page->state == PAGE_RESIDENT);
  frame_unpin(page->frame);
  page_wake(page);
}
