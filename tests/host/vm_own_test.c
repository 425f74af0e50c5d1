/* Unit tests of what the end of a process is said to give back. */
#include "host/file.h"
#include "host/machine.h"
#include "tests/host/vm_test.h"
#include "vm/error.h"
#include "vm/exit.h"
#include "vm/fork.h"
#include "vm/map.h"
#include "vm/own.h"
#include "vm/page.h"
#include "vm/spt.h"
#include "vm/store.h"
#include "vm/vm.h"

#define PAGES 40u

/* Maps PAGES pages at BASE of AS: private ones, or with FLAGS, of STORE if it is not NULL. */
static void map_pages(struct addrspace *as, uint32_t flags, struct store *store) {
  struct map_request request = {.address = BASE,
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

/* What AS has. */
static struct vm_own own_of(struct addrspace *as) {
  struct vm_own own;
  vm_count_own(as, &own);
  return own;
}

/* Counts AS: PAGES of its own and SHARES of others, in parts of a page. */
static void expect(struct addrspace *as, uint32_t pages, uint32_t shares) {
  struct vm_own own = own_of(as);
  assert_int_equal(own.pages, pages);
  assert_int_equal(own.parts, pages * OWN_PARTS + shares);
}

/* Its pages in frames, and those in slots with and without records; not those that were only read. */
static void test_own(void **state) {
  (void)state;
  struct addrspace *as = start(16, 100);
  map_pages(as, MAP_ANONYMOUS | MAP_PRIVATE, NULL);
  expect(as, 0, 0);
  touch(as, ACCESS_READ, 0, 20);
  expect(as, 0, 0);
  touch(as, ACCESS_WRITE, 0, PAGES);
  assert_true(as->counters.swapped > 20);
  expect(as, PAGES, 0);
  finish(as);
}

/* What a child shares is nobody's own; what one of the two writes is its own, and then the other's is too. */
static void test_own_shared(void **state) {
  (void)state;
  struct addrspace *as = start(128, 0), *child, *third;
  map_pages(as, MAP_ANONYMOUS | MAP_PRIVATE, NULL);
  touch(as, ACCESS_WRITE, 0, PAGES);
  assert_int_equal(addrspace_fork(as, &child), VM_OK);
  expect(as, 0, PAGES * OWN_PARTS / 2);
  touch(child, ACCESS_WRITE, 0, 10);
  expect(as, 10, 30 * OWN_PARTS / 2);
  expect(child, 10, 30 * OWN_PARTS / 2);
  assert_int_equal(addrspace_fork(child, &third), VM_OK);
  expect(as, 10, 30 * (OWN_PARTS / 3));
  expect(third, 0, 10 * OWN_PARTS / 2 + 30 * (OWN_PARTS / 3));
  addrspace_destroy(third);
  addrspace_destroy(child);
  expect(as, PAGES, 0);
  finish(as);
}

/* Shared memory is given back by who has it alone, touched or not by others; a file's pages are if they are locked. */
static void test_own_stores(void **state) {
  (void)state;
  struct addrspace *as = start(128, 0), *child;
  struct sim_file *file = file_create(PAGES * VM_PAGE_SIZE, PAGES * VM_PAGE_SIZE);
  map_pages(as, MAP_ANONYMOUS | MAP_SHARED, NULL);
  touch(as, ACCESS_WRITE, 10, PAGES - 10);
  expect(as, PAGES - 10, 0);
  assert_int_equal(addrspace_fork(as, &child), VM_OK);
  touch(child, ACCESS_WRITE, 0, 10); /* Pages that the child alone has entries for. */
  assert_int_equal(own_of(as).pages, 0);
  assert_int_equal(own_of(child).pages, 0);
  addrspace_destroy(child);
  expect(as, PAGES - 10, 0);
  assert_int_equal(vm_unmap(as, BASE, PAGES * VM_PAGE_SIZE), VM_OK);
  map_pages(as, MAP_SHARED, &file->store);
  touch(as, ACCESS_WRITE, 0, PAGES);
  expect(as, 0, 0);
  assert_int_equal(vm_lock(as, BASE, 5 * VM_PAGE_SIZE), VM_OK);
  expect(as, 5, 0);
  assert_int_equal(vm_unlock(as, BASE, 5 * VM_PAGE_SIZE), VM_OK);
  addrspace_destroy(as);
  file_destroy(file);
  assert_null(vm_check());
  machine_finish();
}

/* Kernel memory: one who has a region for each page, and one who has a page table for each, have more than one with
   as many pages side by side. */
static void test_own_kernel(void **state) {
  (void)state;
  struct addrspace *as = start(128, 0);
  map_pages(as, MAP_ANONYMOUS | MAP_PRIVATE, NULL);
  touch(as, ACCESS_WRITE, 0, PAGES);
  struct vm_own before = own_of(as);
  assert_true(before.kernel >= PAGES * sizeof(struct page) + VM_PAGE_SIZE);
  for (uint32_t i = 1; i < PAGES; i += 2)
    assert_int_equal(vm_protect(as, BASE + i * VM_PAGE_SIZE, VM_PAGE_SIZE, PROT_READ), VM_OK);
  struct vm_own after = own_of(as);
  assert_int_equal(after.pages, before.pages);
  assert_int_equal(after.kernel - before.kernel, (PAGES - 1) * sizeof(struct region));
  add(as, BASE + (64 << 20), REGION_DATA, RW);
  touch(as, ACCESS_WRITE, (64 << 20) / VM_PAGE_SIZE, 1);
  assert_true(own_of(as).kernel >= after.kernel + VM_PAGE_SIZE + sizeof(struct spte_block));
  finish(as);
}

/* Runs them. */
int run_own_tests(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_own),
      cmocka_unit_test(test_own_shared),
      cmocka_unit_test(test_own_stores),
      cmocka_unit_test(test_own_kernel),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
