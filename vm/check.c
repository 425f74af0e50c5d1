/* The check of all invariants: walks frames, stores, address spaces and slots, and compares. */
#include "vm/check.h"
#include "lib/bitmap.h"
#include "lib/round.h"
#include "vm/addrspace.h"
#include "vm/frame.h"
#include "vm/page.h"
#include "vm/port.h"
#include "vm/stats.h"
#include "vm/store.h"
#include "vm/swap.h"

/* One walk; the first broken invariant ends it. */
struct check {
  const char *broken;
  uint32_t pages; /* Found so far, each once. */
  uint32_t frames, slots;
  uint32_t locked;           /* Entries. */
  struct vm_counters totals; /* Of all address spaces. */
  uint32_t cached;           /* Pages of stores in frames. */
  uint32_t entries, listed;  /* Entries found in address spaces, and on the lists of pages. */
};

/* Notes WHAT as broken unless HOLDS. */
static bool expect(struct check *check, bool holds, const char *what) {
  if (!holds && check->broken == NULL) check->broken = what;
  return holds;
}

/* Walks the list of PAGE's entries. */
static void check_list(struct check *check, const struct page *page) {
  uint32_t users = 0;
  for (const struct spte *spte = page->sptes; spte != NULL; spte = spte->next) {
    users++;
    expect(check, spte->page == page && *spte->previous == spte,
           "a page's list of entries is whole");
  }
  expect(check, page->refs >= users, "a page is held by each of its entries");
  check->listed += users;
}

/* Checks PAGE by itself and counts it with its frame and slot; called once for each page. */
static void check_page(struct check *check, const struct page *page) {
  bool framed = page->state == PAGE_RESIDENT || page->state == PAGE_LEAVING;
  check->pages++;
  if (page->frame != NULL) {
    check->frames++;
    expect(check, page->frame->lent && page->frame->page == page, "frame and page name each other");
  }
  expect(check, !framed || page->frame != NULL, "a resident page has a frame");
  expect(check, page->state != PAGE_ABSENT || page->frame == NULL, "an absent page has no frame");
  expect(check, page->state != PAGE_ABSENT || !page->dirty, "an absent page is not dirty");
  expect(check, page->home != HOME_SWAP || page->slot != SLOT_NONE || page->dirty,
         "a page whose home is swap has a slot or is dirty");
  check_list(check, page);
  if (page->slot == SLOT_NONE) return;
  check->slots++;
  expect(check, page->home == HOME_SWAP && swap_is_taken(page->slot), "a page's slot is taken");
  expect(check, page->state == PAGE_ABSENT || page->state == PAGE_ARRIVING || vm_options.swap_keep,
         "a page in a frame has no slot");
}

/* Whether nobody but SPTE has its page. */
static bool is_alone(const struct spte *spte) {
  const struct page *page = spte->page;
  return !page->cached && page != &page_zero && page->sptes == spte && spte->next == NULL;
}

/* Checks what the pmap says at SPTE against its page and region. */
static void check_mapping(struct check *check, const struct spte *spte) {
  frameno_t frame;
  bool writable;
  bool mapped = port_pmap_lookup(spte->block->as->pmap, spte->vpn, &frame, &writable);
  if (!expect(check, mapped == spte_is_mapped(spte), "entries know what is mapped")) return;
  if (!mapped) return;
  const struct page *page = spte->page;
  if (!expect(check, page->state == PAGE_RESIDENT, "only resident pages are mapped")) return;
  expect(check, frame == frame_number(page->frame), "a mapping leads to its page's frame");
  const struct region *region = region_find(spte->block->as, spte->vpn);
  if (!writable || region == NULL) return;
  expect(check, region->prot & PROT_WRITE, "nobody may write more than the region allows");
  expect(check, region->shared || is_alone(spte), "pages of others are mapped read-only");
  expect(check, !page_belongs_to_file(page) || !page->store->is_protected,
         "nobody may write to a running program");
}

/* Checks what AS has folded; how many entries. */
static uint32_t check_folded(struct check *check, struct addrspace *as) {
  uint32_t vpn = 0, folded = 0;
  frameno_t frame;
  bool writable;
  slot_t slot;
  for (; (slot = spt_next_folded(as, &vpn, VPN_END)) != SLOT_NONE; vpn++) {
    expect(check, swap_is_taken(slot), "a page's slot is taken");
    expect(check, region_find(as, vpn) != NULL, "every entry lies in a region");
    expect(check, !port_pmap_lookup(as->pmap, vpn, &frame, &writable),
           "only resident pages are mapped");
    folded++;
  }
  check->slots += folded;
  return folded;
}

/* Checks AS; a private page is counted at the first entry of its list. */
static void check_addrspace(struct check *check, struct addrspace *as) {
  uint32_t vpn = 0, resident = 0, swapped = 0, mapped = 0, locked = 0;
  struct spte *spte;
  for (; (spte = spt_next(as, &vpn, VPN_END)) != NULL; vpn++) {
    struct page *page = spte->page;
    expect(check, spte->block->as == as && spte->vpn == vpn, "an entry stands where it says");
    expect(check, region_find(as, vpn) != NULL, "every entry lies in a region");
    expect(check, *spte->previous == spte, "an entry is on its page's list");
    check->entries++;
    check_mapping(check, spte);
    resident += spte_is_mapped(spte);
    swapped += page->slot != SLOT_NONE;
    locked += spte_is_locked(spte);
    if (!page->cached && page != &page_zero && page->sptes == spte) check_page(check, page);
  }
  swapped += check_folded(check, as);
  expect(check, resident == as->counters.resident, "resident pages are counted");
  expect(check, swapped == as->counters.swapped, "swapped pages are counted");
  expect(check, locked == as->locked, "locked pages are counted");
  check->locked += locked;
  check->totals.resident += resident;
  check->totals.swapped += swapped;
  for (vpn = 0; (vpn = port_pmap_next(as->pmap, vpn, VPN_END)) < VPN_END; vpn++) mapped++;
  expect(check, mapped == resident, "nothing is mapped without an entry");
}

/* Checks the cached pages of STORE. */
static void check_store(struct check *check, struct store *store) {
  uint32_t index = 0, resident = 0;
  struct page *page;
  for (; (page = radix_next(&store->pages, &index, PINDEX_LAST)) != NULL; index++) {
    expect(check, page->cached && page->store == store && page->index == index,
           "a cached page stands where it says");
    resident += page->state == PAGE_RESIDENT || page->state == PAGE_LEAVING;
    check_page(check, page);
  }
  expect(check, resident == store->resident, "cached pages are counted");
  check->cached += resident;
}

/* Checks that the frames add up. */
static void check_frames(struct check *check) {
  frameno_t lent = 0, kernel = 0;
  uint32_t transit = 0, kept = 0;
  for (frameno_t i = 0; i < frame_count(); i++) {
    const struct frame *frame = frame_at(i);
    if (!frame->lent) continue;
    lent++;
    kernel += frame->kernel;
    kept += frame->kept;
    if (frame->kernel) continue;
    expect(check, frame->page->frame == frame, "frame and page name each other");
    expect(check, frame->pins == 0 || frame->page->state == PAGE_RESIDENT,
           "pinned frames are resident");
    transit += (frame->page->state != PAGE_RESIDENT) + (frame->pins - frame->wired);
  }
  expect(check, lent + frame_free_count() == frame_count(), "frames add up to the pool");
  expect(check, frame_zeroed_count() <= frame_free_count(), "what is zeroed ahead is free");
  expect(check, lent >= check->frames, "every frame in use was found");
  expect(check, kernel == frame_kernel_count(), "the kernel's frames are counted");
  expect(check, transit == frame_transit_count(), "what is in transit is counted");
  expect(check, check->locked == frame_wired_count(), "locks of frames are counted");
  expect(check, kept == turn_kept_count(), "frames are kept just for who has the turn");
}

/* Walks everything.  Pages that a fault or reclaim holds at this moment without an entry are in
   use but not found, so totals are compared exactly only when nothing is in transit. */
static const char *walk(void) {
  struct check check = {0};
  bool has_holder = turn_holder() == NULL;
  list_for_each(node, &vm_addrspaces) {
    struct addrspace *as = list_entry(node, struct addrspace, node);
    check_addrspace(&check, as);
    has_holder |= as == turn_holder();
  }
  list_for_each(node, &vm_stores) {
    check_store(&check, list_entry(node, struct store, node));
  }
  check_list(&check, &page_zero);
  expect(&check, check.entries == check.listed, "an entry is on its page's list");
  check_frames(&check);
  expect(&check, has_holder, "who has the turn lives");
  expect(&check,
         check.totals.resident == vm_stats.totals.resident &&
             check.totals.swapped == vm_stats.totals.swapped,
         "totals are the sum of all processes");
  expect(&check, check.cached == vm_stats.pages_cached, "all cached pages are counted");
  expect(&check, check.pages <= vm_pages_live, "no page is found twice");
  expect(&check, check.slots <= swap_used(), "no slot has two pages");
  if (list_is_empty(&vm_addrspaces)) {
    expect(&check, check.pages == vm_pages_live, "no page is lost");
    expect(&check, check.slots == swap_used(), "no slot is lost");
  }
  return check.broken;
}

/* Checks all invariants; the name of the first that is broken, or NULL. */
const char *vm_check(void) {
  port_vm_lock();
  const char *broken = walk();
  port_vm_unlock();
  return broken;
}

/* Checks all invariants, the VM lock being held. */
void vm_check_locked(void) {
  const char *broken = walk();
  if (broken != NULL) PANIC("broken invariant: %s", broken);
}
