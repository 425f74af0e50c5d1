/* Unit tests of what is told about a process's memory. */
#include "host/file.h"
#include "host/machine.h"
#include "tests/host/vm_test.h"
#include "vm/error.h"
#include "vm/exit.h"
#include "vm/fork.h"
#include "vm/map.h"
#include "vm/usage.h"
#include "vm/vm.h"

#define PAGES 24u

/* Maps PAGES pages at page FIRST from BASE on: private ones, or with FLAGS, of STORE if it is not NULL. */
static void map_pages(struct addrspace *as, uint32_t first, uint32_t flags, struct store *store) {
  struct map_request request = {.address = BASE + first * VM_PAGE_SIZE,
                                .length = PAGES * VM_PAGE_SIZE,
                                .prot = RW,
                                .flags = flags | MAP_FIXED,
                                .store = store};
  uaddr_t address;
  assert_int_equal(vm_map(as, &request, &address), VM_OK);
}

/* Touches COUNT pages from page FIRST on for ACCESS. */
static void touch(struct addrspace *as, enum vm_access access, uint32_t first, uint32_t count) {
  for (uint32_t i = first; i < first + count; i++) {
    uint8_t byte = (uint8_t)i;
    assert_int_equal(machine_touch(as, BASE + i * VM_PAGE_SIZE, access, &byte), VM_OK);
  }
}

/* What stands in COUNT pages from page FIRST on. */
static struct vm_usage usage_of(struct addrspace *as, uint32_t first, uint32_t count) {
  struct vm_usage usage;
  uaddr_t start = BASE + first * VM_PAGE_SIZE;
  vm_count_usage(as, start, start + count * VM_PAGE_SIZE, &usage);
  assert_int_equal(usage.mapped, usage.shared_clean + usage.shared_dirty + usage.private_clean +
                                     usage.private_dirty);
  return usage;
}

/* Pages that were read, written, locked, and sent to slots. */
static void test_usage_places(void **state) {
  (void)state;
  struct addrspace *as = start(40, 200);
  map_pages(as, 0, MAP_ANONYMOUS | MAP_PRIVATE, NULL);
  touch(as, ACCESS_READ, 0, PAGES);
  assert_int_equal(usage_of(as, 0, PAGES).mapped, 0);
  touch(as, ACCESS_WRITE, 0, PAGES);
  struct vm_usage usage = usage_of(as, 0, PAGES);
  assert_int_equal(usage.private_dirty, PAGES);
  assert_int_equal(usage.share, PAGES * VM_PAGE_SIZE);
  assert_int_equal(usage.dirty_share, usage.share);
  assert_int_equal(usage_of(as, 3, 5).mapped, 5);
  assert_int_equal(vm_lock(as, BASE, 4 * VM_PAGE_SIZE), VM_OK);
  assert_int_equal(usage_of(as, 0, PAGES).locked, 4);
  map_pages(as, PAGES, MAP_ANONYMOUS | MAP_PRIVATE, NULL);
  map_pages(as, 2 * PAGES, MAP_ANONYMOUS | MAP_PRIVATE, NULL);
  touch(as, ACCESS_WRITE, PAGES, 2 * PAGES);
  usage = usage_of(as, 0, 3 * PAGES);
  assert_int_equal(usage.mapped + usage.swapped, 3 * PAGES);
  assert_int_equal(usage.swapped, as->counters.swapped);
  assert_int_equal(usage.swap_share, usage.swapped * VM_PAGE_SIZE);
  assert_true(usage.swapped > PAGES);
  finish(as);
}

/* Pages that several map, and those that several have and one maps. */
static void test_usage_shared(void **state) {
  (void)state;
  struct addrspace *as = start(128, 0), *child;
  map_pages(as, 0, MAP_ANONYMOUS | MAP_PRIVATE, NULL);
  touch(as, ACCESS_WRITE, 0, PAGES);
  assert_int_equal(addrspace_fork(as, &child), VM_OK);
  struct vm_usage usage = usage_of(as, 0, PAGES);
  assert_int_equal(usage.shared_dirty, PAGES);
  assert_int_equal(usage.share, PAGES * VM_PAGE_SIZE / 2);
  touch(child, ACCESS_WRITE, 0, 10);
  assert_int_equal(usage_of(child, 0, PAGES).private_dirty, 10);
  assert_int_equal(usage_of(as, 0, PAGES).private_dirty, 10);
  assert_int_equal(vm_protect(child, BASE, PAGES * VM_PAGE_SIZE, PROT_NONE), VM_OK);
  usage = usage_of(as, 0, PAGES);
  assert_int_equal(usage.private_dirty, PAGES); /* The child has entries, and maps nothing. */
  assert_int_equal(usage_of(child, 0, PAGES).mapped, 0);
  addrspace_destroy(child);
  finish(as);
}

/* Regions, and pages of files and of shared memory. */
static void test_usage_regions(void **state) {
  (void)state;
  struct addrspace *as = start(128, 0);
  struct sim_file *file = file_create(PAGES * VM_PAGE_SIZE, PAGES * VM_PAGE_SIZE);
  struct vm_region_facts facts;
  file->store.number = 77;
  map_pages(as, 0, MAP_SHARED, &file->store);
  map_pages(as, 2 * PAGES, MAP_ANONYMOUS | MAP_SHARED, NULL);
  assert_int_equal(vm_protect(as, BASE, VM_PAGE_SIZE, PROT_READ), VM_OK);
  assert_true(vm_region_facts(as, BASE + VM_PAGE_SIZE, &facts));
  assert_int_equal(facts.start, BASE + VM_PAGE_SIZE);
  assert_int_equal(facts.end, BASE + PAGES * VM_PAGE_SIZE);
  assert_int_equal(facts.file, 77);
  assert_int_equal(facts.offset, VM_PAGE_SIZE);
  assert_true(facts.shared && facts.prot == RW && facts.kind == REGION_MAPPING);
  assert_true(vm_region_facts(as, facts.end, &facts));
  assert_int_equal(facts.start, BASE + 2 * PAGES * VM_PAGE_SIZE);
  assert_int_equal(facts.file, 0);
  touch(as, ACCESS_READ, 0, 5);
  touch(as, ACCESS_WRITE, 2 * PAGES, 3);
  struct vm_usage usage = usage_of(as, 0, 3 * PAGES);
  assert_int_equal(usage.of_files, 5);
  assert_int_equal(usage.private_clean, 5);
  assert_int_equal(usage.of_shared_memory, 3);
  addrspace_destroy(as);
  file_destroy(file);
  assert_null(vm_check());
  machine_finish();
}

/* Runs them. */
int run_usage_tests(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_usage_places),
      cmocka_unit_test(test_usage_shared),
      cmocka_unit_test(test_usage_regions),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
