/* Every invariant that vm_check() knows is broken once, and it must say so. */
#include "tests/host/vm_test.h"
#include "vm/error.h"
#include "vm/frame.h"
#include "vm/map.h"
#include "vm/page.h"
#include "vm/port.h"
#include "vm/reclaim.h"
#include "vm/store.h"
#include "vm/swap.h"
#include "vm/vm.h"

/* With VALUE at PLACE vm_check() says WHAT; all is well before and afterwards. */
#define BREAKS(PLACE, VALUE, WHAT)                                                                 \
  do {                                                                                             \
    assert_null(vm_check());                                                                       \
    __auto_type old = (PLACE) + 0;                                                                 \
    (PLACE) = (VALUE);                                                                             \
    assert_string_equal(says(), WHAT);                                                             \
    (PLACE) = old;                                                                                 \
    assert_null(vm_check());                                                                       \
  } while (0)

/* What vm_check() says. */
static const char *says(void) {
  const char *broken = vm_check();
  return broken != NULL ? broken : "nothing";
}

/* Writes to page PAGE of AS; its entry. */
static struct spte *touch(struct addrspace *as, unsigned page) {
  uint8_t byte = 1;
  uaddr_t address = BASE + page * VM_PAGE_SIZE;
  assert_int_equal(machine_touch(as, address, ACCESS_WRITE, &byte), VM_OK);
  return spt_get(&as->spt, vpn_of(address));
}

/* Takes the first COUNT pages of AS out of the pmap. */
static void unmap_entries(struct addrspace *as, unsigned count) {
  addrspace_lock(as);
  spt_unmap(as, vpn_of(BASE), vpn_of(BASE) + count);
  addrspace_unlock(as);
}

/* Takes a free slot. */
static void take_slot(slot_t *slot) {
  port_vm_lock();
  assert_int_equal(swap_alloc(1, slot), 1);
  port_vm_unlock();
}

/* Slots come from the device with the highest priority, and from the other when it is full. */
static void test_swap_priorities(void **state) {
  (void)state;
  machine_init(&(struct machine_options){.seed = 1, .frames = 8, .slots = 30, .second_slots = 20});
  slot_t slot;
  for (slot_t i = 0; i < 30; i++) {
    take_slot(&slot);
    assert_true((slot < 10) == (i < 10));
  }
  port_vm_lock();
  assert_int_equal(swap_alloc(1, &slot), 0);
  swap_free(3);
  assert_int_equal(swap_alloc(8, &slot), 1);
  assert_int_equal(slot, 3);
  for (slot = 0; slot < 30; slot++) swap_free(slot);
  port_vm_unlock();
  machine_finish();
}

/* Devices of one priority give slots in turn; one that failed gives some when there is no other. */
static void test_swap_in_turn(void **state) {
  (void)state;
  machine_init(&(struct machine_options){
      .seed = 1, .frames = 8, .slots = 32, .second_slots = 16, .striped = true});
  slot_t slot, before = 0;
  port_vm_lock();
  for (unsigned i = 0; i < 8; i++) {
    assert_int_equal(swap_alloc(2, &slot), 2);
    if (i > 0) assert_true((slot < 16) != (before < 16));
    before = slot;
  }
  assert_true(swap_device_failed(0));
  for (unsigned i = 0; i < 4; i++) {
    assert_int_equal(swap_alloc(2, &slot), 2);
    assert_true(slot >= 16);
  }
  assert_int_equal(swap_alloc(2, &slot), 2);
  assert_true(slot < 16);
  assert_false(swap_device_failed(16));
  for (slot = 0; slot < 32; slot++)
    if (swap_is_taken(slot)) swap_free(slot);
  assert_int_equal(swap_used(), 0);
  port_vm_unlock();
  machine_finish();
}

/* Sends every page away. */
static void evict(void) {
  port_vm_lock();
  while (reclaim_frames() == VM_OK) continue;
  port_vm_unlock();
}

/* A process with two private pages. */
static struct addrspace *start_with_pages(void) {
  struct addrspace *as = start(16, 16);
  add(as, BASE, REGION_DATA, RW);
  return as;
}

/* Pages in frames, mapped. */
static void test_mapped(void **state) {
  (void)state;
  struct addrspace *as = start_with_pages();
  struct spte *spte = touch(as, 0), *other = touch(as, 1);
  struct page *page = spte->page;
  struct region *region = region_find(as, vpn_of(BASE));
  BREAKS(page->frame->page, other->page, "frame and page name each other");
  BREAKS(page->frame, other->page->frame, "a mapping leads to its page's frame");
  BREAKS(page->state, PAGE_LEAVING, "only resident pages are mapped");
  BREAKS(page->refs, 0, "a page is held by each of its entries");
  BREAKS(spte->block->mapped, spte_bit(other), "entries know what is mapped");
  BREAKS(spte->vpn, spte->vpn + 1, "an entry stands where it says");
  BREAKS(spte->previous, &other->next, "an entry is on its page's list");
  BREAKS(region->prot, PROT_READ, "nobody may write more than the region allows");
  BREAKS(region->start, region->start + 1, "every entry lies in a region");
  BREAKS(as->counters.resident, 9, "resident pages are counted");
  BREAKS(as->counters.swapped, 9, "swapped pages are counted");
  BREAKS(as->locked, 9, "locked pages are counted");
  BREAKS(vm_pages_live, 1, "no page is found twice");
  BREAKS(vm_stats.totals.resident, 9, "totals are the sum of all processes");
  BREAKS(vm_stats.totals.swapped, 9, "totals are the sum of all processes");
  BREAKS(page->frame->kernel, 1, "the kernel's frames are counted");
  finish(as);
}

/* Lists of entries. */
static void test_lists(void **state) {
  (void)state;
  struct addrspace *as = start_with_pages();
  struct spte *spte = touch(as, 0), *other = touch(as, 1);
  struct spte stray = {.page = other->page, .block = other->block, .previous = &spte->next};
  BREAKS(spte->next, &stray, "pages of others are mapped read-only");
  unmap_entries(as, 2);
  spte->page->refs++;
  BREAKS(spte->next, &stray, "a page's list of entries is whole");
  stray.page = spte->page;
  BREAKS(spte->next, &stray, "an entry is on its page's list");
  spte->page->refs--;
  finish(as);
}

/* Pages in frames, not mapped. */
static void test_unmapped(void **state) {
  (void)state;
  struct addrspace *as = start_with_pages();
  struct page *page = touch(as, 0)->page;
  unmap_entries(as, 1);
  BREAKS(page->frame, NULL, "a resident page has a frame");
  BREAKS(page->state, PAGE_ABSENT, "an absent page has no frame");
  page->dirty = false;
  BREAKS(page->home, HOME_SWAP, "a page whose home is swap has a slot or is dirty");
  page->state = PAGE_LEAVING;
  frame_start_leaving();
  BREAKS(page->frame->pins, 1, "pinned frames are resident");
  page->state = PAGE_RESIDENT;
  frame_end_leaving();
  port_vm_lock();
  port_pmap_enter(as->pmap, vpn_of(BASE) + 1, 0, false);
  port_vm_unlock();
  assert_string_equal(says(), "nothing is mapped without an entry");
  port_vm_lock();
  port_pmap_remove(as->pmap, vpn_of(BASE) + 1);
  port_vm_unlock();
  finish(as);
}

/* Pages in slots. */
static void test_slots(void **state) {
  (void)state;
  struct addrspace *as = start_with_pages();
  struct page *first = touch(as, 0)->page, *second = touch(as, 1)->page;
  page_get(first); /* Their records stay. */
  page_get(second);
  evict();
  assert_int_equal(swap_used(), 2);
  BREAKS(first->home, HOME_ZERO, "a page's slot is taken");
  slot_t slot = second->slot;
  second->slot = first->slot;
  swap_free(slot);
  assert_string_equal(says(), "no slot has two pages");
  take_slot(&second->slot);
  page_put(second); /* Who is held by others would be copied. */
  touch(as, 1);
  unmap_entries(as, 2);
  BREAKS(second->slot, first->slot, "a page in a frame has no slot");
  port_vm_lock();
  page_put(first);
  port_vm_unlock();
  finish(as);
}

/* Frames. */
static void test_frames(void **state) {
  (void)state;
  struct addrspace *as = start_with_pages();
  struct spte *spte = touch(as, 0);
  struct frame *free = frame_at(15);
  assert_false(free->lent);
  free->kernel = 1;
  BREAKS(free->lent, 1, "frames add up to the pool");
  free->kernel = 0;
  BREAKS(frame_table.transit, 9, "what is in transit is counted");
  spte->block->locked = spte_bit(spte);
  as->locked = 1;
  assert_string_equal(says(), "locks of frames are counted");
  spte->block->locked = 0;
  as->locked = 0;
  finish(as);
}

/* Pages of files. */
static void test_files(void **state) {
  (void)state;
  struct addrspace *as = start(16, 16);
  struct sim_file *file = file_create(VM_PAGE_SIZE, VM_PAGE_SIZE);
  struct map_request request = {.address = BASE,
                                .length = VM_PAGE_SIZE,
                                .prot = RW,
                                .flags = MAP_SHARED | MAP_FIXED,
                                .store = &file->store};
  uaddr_t address;
  assert_int_equal(vm_map(as, &request, &address), VM_OK);
  struct page *page = touch(as, 0)->page;
  BREAKS(page->index, 1, "a cached page stands where it says");
  BREAKS(file->store.resident, 0, "cached pages are counted");
  BREAKS(vm_stats.pages_cached, 0, "all cached pages are counted");
  BREAKS(file->store.is_protected, true, "nobody may write to a running program");
  assert_int_equal(vm_unmap(as, BASE, VM_PAGE_SIZE), VM_OK);
  file_destroy(file);
  finish(as);
}

/* When all processes have ended. */
static void test_lost(void **state) {
  (void)state;
  slot_t slot;
  struct machine_options options = {.seed = 1, .frames = 16, .slots = 16};
  machine_init(&options);
  BREAKS(vm_pages_live, 1, "no page is lost");
  take_slot(&slot);
  assert_string_equal(says(), "no slot is lost");
  swap_free(slot);
  machine_finish();
}

/* Runs them. */
int run_check_tests(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_mapped),       cmocka_unit_test(test_lists),
      cmocka_unit_test(test_unmapped),     cmocka_unit_test(test_slots),
      cmocka_unit_test(test_frames),       cmocka_unit_test(test_files),
      cmocka_unit_test(test_lost),         cmocka_unit_test(test_swap_priorities),
      cmocka_unit_test(test_swap_in_turn),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
