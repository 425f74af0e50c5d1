/* Slots: with -swap-keep, who keeps one and who does not; a disk that takes no more writes; what the kernel remembers
   of pages that are away; and address spaces that leave as a whole. */
#include "tests/host/vm_test.h"
#include "vm/error.h"
#include "vm/frame.h"
#include "vm/fork.h"
#include "vm/exit.h"
#include "vm/map.h"
#include "vm/port.h"
#include "vm/reclaim.h"
#include "vm/swap.h"
#include "vm/swapper.h"
#include "vm/vm.h"

#define PAGES      8
#define AT(I)      (BASE + (uaddr_t)(I)*VM_PAGE_SIZE)
#define FILE_AT    0x20000000u
#define FILE_PAGES 1000

/* A machine of FRAMES and SLOTS, on it a process with PAGES pages, written; -swap-keep if KEEP. */
static struct addrspace *start_swapping(frameno_t frames, slot_t slots, bool keep) {
  struct addrspace *as = start(frames, slots);
  vm_options.swap_keep = keep;
  for (unsigned i = 0; i < PAGES; i += 2) add(as, AT(i), REGION_DATA, RW);
  for (unsigned i = 0; i < PAGES; i++) {
    uint8_t byte = (uint8_t)i;
    assert_int_equal(machine_touch(as, AT(i), ACCESS_WRITE, &byte), VM_OK);
  }
  return as;
}

/* Sends all that can go home. */
static void evict_all(void) {
  port_vm_lock();
  while (reclaim_frames() == VM_OK) continue;
  port_vm_unlock();
}

/* Reads the pages of AS, which have what start_swapping() wrote, but for page 3, which has BYTE_3. */
static void read_all(struct addrspace *as, uint8_t byte_3) {
  for (unsigned i = 0; i < PAGES; i++) {
    uint8_t byte;
    assert_int_equal(machine_touch(as, AT(i), ACCESS_READ, &byte), VM_OK);
    assert_int_equal(byte, i == 3 ? byte_3 : i);
  }
}

/* Pages written to swap so far. */
static unsigned writes(void) {
  struct vm_stats stats;
  vm_get_stats(&stats);
  return (unsigned)stats.swap_writes;
}

/* What was only read leaves without being written, and its entry folds; what was written is written again, and no slot
   has two pages. */
static void test_reread(void **state) {
  (void)state;
  struct addrspace *as = start_swapping(32, 32, true);
  evict_all();
  assert_int_equal(writes(), PAGES);
  for (unsigned pass = 0; pass < 3; pass++) {
    read_all(as, 3);
    assert_int_equal(swap_used(), PAGES);
    assert_null(vm_check());
    evict_all();
    for (unsigned i = 0; i < PAGES; i++) assert_null(spt_get(&as->spt, vpn_of(AT(i))));
  }
  assert_int_equal(writes(), PAGES);
  uint8_t byte = 77;
  assert_int_equal(machine_touch(as, AT(3), ACCESS_WRITE, &byte), VM_OK);
  evict_all();
  assert_int_equal(writes(), PAGES + 1);
  assert_int_equal(swap_used(), PAGES);
  read_all(as, 77);
  finish(as);
}

/* Without the option a page that is back has no slot. */
static void test_freed(void **state) {
  (void)state;
  struct addrspace *as = start_swapping(32, 32, false);
  evict_all();
  read_all(as, 3);
  assert_int_equal(swap_used(), 0);
  evict_all();
  assert_int_equal(writes(), 2 * PAGES);
  finish(as);
}

/* A page that a child shares keeps its slot too, until one of them has a copy and the other writes or ends. */
static void test_shared(void **state) {
  (void)state;
  struct addrspace *as = start_swapping(32, 32, true), *child;
  evict_all();
  assert_int_equal(addrspace_fork(as, &child), VM_OK);
  read_all(as, 3);
  uint8_t byte = 99;
  assert_int_equal(machine_touch(child, AT(3), ACCESS_WRITE, &byte), VM_OK);
  assert_int_equal(swap_used(), PAGES);
  assert_null(vm_check());
  evict_all();
  assert_int_equal(writes(), PAGES + 1);
  assert_int_equal(swap_used(), PAGES + 1);
  read_all(as, 3);
  read_all(child, 99);
  addrspace_destroy(child);
  assert_int_equal(swap_used(), PAGES);
  finish(as);
}

/* When more than half of the slots are taken none is kept. */
static void test_no_room(void **state) {
  (void)state;
  struct addrspace *as = start_swapping(32, PAGES, true);
  evict_all();
  read_all(as, 3);
  assert_true(swap_used() <= PAGES / 2);
  assert_null(vm_check());
  finish(as);
}

/* A kept slot is no slot less: as many pages have room as without the option. */
static void test_room(void **state) {
  (void)state;
  unsigned room[2];
  for (int keep = 0; keep < 2; keep++) {
    struct addrspace *as = start_swapping(16, 32, keep);
    evict_all();
    read_all(as, 3);
    uint8_t byte = 1;
    for (room[keep] = 0; room[keep] < 100; room[keep]++) {
      add(as, AT(100 + 2 * room[keep]), REGION_DATA, RW);
      if (machine_touch(as, AT(100 + 2 * room[keep]), ACCESS_WRITE, &byte) != VM_OK) break;
    }
    read_all(as, 3);
    assert_null(vm_check());
    finish(as);
  }
  assert_true(room[0] > 20 && room[0] < 100);
  assert_int_equal(room[1], room[0]);
}

/* One with bad places among good ones goes on being used. */
static void test_bad_places(void **state) {
  (void)state;
  struct addrspace *as = start_swapping(16, 2000, false);
  machine_failures.per_thousand[FAIL_SWAP_WRITE] = 500;
  for (unsigned pass = 0; pass < 40; pass++) {
    evict_all();
    read_all(as, 3);
  }
  assert_true(swap_bad() > 50 && swap_free_count() > 500);
  machine_failures = (struct machine_failures){0};
  finish(as);
}

/* Touches the COUNT pages of a file that AS has mapped at FILE_AT, each of which has BYTE in its first place. */
static void touch_file(struct addrspace *as, unsigned count, enum vm_access access, uint8_t byte) {
  for (unsigned i = 0; i < count; i++) {
    uint8_t found = byte;
    assert_int_equal(machine_touch(as, FILE_AT + i * VM_PAGE_SIZE, access, &found), VM_OK);
    assert_int_equal(found, byte);
  }
}

/* A page of a file that left its frame costs nothing, whether it was written, and whoever had touched it. */
static void test_file_pages_forgotten(void **state) {
  (void)state;
  struct addrspace *as = start(64, 64), *child;
  struct sim_file *file = file_create(FILE_PAGES * VM_PAGE_SIZE, FILE_PAGES * VM_PAGE_SIZE);
  struct map_request request = {.address = FILE_AT,
                                .length = FILE_PAGES * VM_PAGE_SIZE,
                                .prot = RW,
                                .flags = MAP_SHARED | MAP_FIXED,
                                .store = &file->store};
  uaddr_t address;
  assert_int_equal(vm_map(as, &request, &address), VM_OK);
  size_t blocks = machine_blocks();
  uint32_t pages = vm_pages_live;
  touch_file(as, FILE_PAGES, ACCESS_WRITE, 7);
  assert_int_equal(addrspace_fork(as, &child), VM_OK);
  touch_file(child, FILE_PAGES, ACCESS_READ, 7);
  touch_file(as, FILE_PAGES, ACCESS_READ, 7);
  assert_true(vm_pages_live - pages <= 64);
  assert_null(vm_check());
  addrspace_destroy(child);
  evict_all();
  assert_int_equal(vm_pages_live, pages);
  assert_int_equal(machine_blocks(), blocks);
  assert_int_equal(vm_unmap(as, FILE_AT, FILE_PAGES * VM_PAGE_SIZE), VM_OK);
  file_destroy(file);
  finish(as);
}

/* An address space leaves as a whole, in requests of many pages, but for what it shares; and comes back as it was. */
static void test_whole(void **state) {
  (void)state;
  struct addrspace *as = start_swapping(32, 32, false), *child;
  struct resident_set set;
  struct vm_stats stats;
  assert_int_equal(addrspace_fork(as, &child), VM_OK);
  uint8_t byte = 0;
  for (unsigned i = 0; i < PAGES; i += 2)
    assert_int_equal(machine_touch(as, AT(i), ACCESS_WRITE, (byte = (uint8_t)i, &byte)), VM_OK);
  addrspace_swap_out(as, &set, false);
  assert_int_equal(writes(), PAGES / 2);
  assert_int_equal(child->counters.resident, PAGES);
  assert_int_equal(as->counters.resident, PAGES / 2);
  addrspace_destroy(child);
  addrspace_swap_out(as, &set, true);
  assert_int_equal(as->counters.resident, 0);
  assert_int_equal(frame_free_count(), frame_count());
  assert_null(vm_check());
  while (addrspace_swap_in(as, &set)) continue;
  assert_int_equal(as->counters.resident, PAGES);
  vm_get_stats(&stats);
  assert_true(stats.swap_write_requests <= 4);
  read_all(as, 3);
  finish(as);
}

/* Nothing is brought in where frames are not free for all of it; and what has no slot stays. */
static void test_stays(void **state) {
  (void)state;
  struct addrspace *as = start_swapping(32, 4, false);
  struct resident_set set;
  addrspace_swap_out(as, &set, false);
  assert_int_equal(frame_free_count(), frame_count() - PAGES + 4);
  assert_null(vm_check());
  set.noted = frame_count() + 1;
  assert_false(addrspace_swap_in(as, &set));
  read_all(as, 3);
  finish(as);
}

/* Runs them. */
int run_swap_tests(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_reread),
      cmocka_unit_test(test_freed),
      cmocka_unit_test(test_shared),
      cmocka_unit_test(test_no_room),
      cmocka_unit_test(test_room),
      cmocka_unit_test(test_bad_places),
      cmocka_unit_test(test_file_pages_forgotten),
      cmocka_unit_test(test_whole),
      cmocka_unit_test(test_stays),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
