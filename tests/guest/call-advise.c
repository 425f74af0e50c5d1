/* TEST: vm_advise: what is not needed goes back to what it was at first, what will be needed comes in,
         sequential and random change nothing but the way; errors.
   POOL: 64
   STRESS: counts what is in memory */
#include <string.h>
#include "tests/guest/lib/figures.h"
#include "tests/guest/lib/memory.h"

#define PAGES 20

static int fd;

/* Private memory becomes zeroes or the file again, shared memory and files stay. */
static void check_dont_need(void) {
  char *zeroes = map_anonymous(PAGES), *shared = map_shared(PAGES);
  char *private = vm_map(0, PAGES * PAGE, READ_WRITE, MAP_PRIVATE, fd, 0);
  char *file = vm_map(0, PAGES * PAGE, READ_WRITE, MAP_SHARED, fd, 0);
  fill_pages(zeroes, PAGES, 1);
  fill_pages(shared, PAGES, 2);
  memset(private, 'x', PAGES * PAGE);
  file[5] = '!';
  push_out();
  CHECK_IS(vm_advise(zeroes + 2 * PAGE, 5 * PAGE, ADVICE_DONTNEED), VM_OK);
  CHECK(memory_is_zero(zeroes + 2 * PAGE, 5 * PAGE), "zeroes again");
  CHECK(page_verify(zeroes + PAGE, 1, 1) && page_verify(zeroes + 7 * PAGE, 7, 1), "others stay");
  CHECK_IS(vm_advise(shared, PAGES * PAGE, ADVICE_DONTNEED), VM_OK);
  check_pages(shared, PAGES, 2);
  CHECK_IS(vm_advise(private, PAGES * PAGE, ADVICE_DONTNEED), VM_OK);
  CHECK_IS(vm_advise(file, PAGES * PAGE, ADVICE_DONTNEED), VM_OK);
  CHECK(private[5] == '!' && pattern_is(private + 6, 1000, 6, 1), "the file again");
  CHECK(file[5] == '!', "shared writes stay");
  CHECK_IS(vm_unmap(zeroes, PAGES * PAGE), VM_OK);
  CHECK_IS(vm_unmap(shared, PAGES * PAGE), VM_OK);
  CHECK_IS(vm_unmap(private, PAGES * PAGE), VM_OK);
  CHECK_IS(vm_unmap(file, PAGES * PAGE), VM_OK);
}

/* The frames of a file's pages that need not be written are free at once, unless somebody else has them mapped. */
static void check_file_leaves(void) {
  char *file = vm_map(0, PAGES * PAGE, PROT_READ, MAP_SHARED, fd, 0);
  char *again = vm_map(0, PAGES * PAGE, PROT_READ, MAP_SHARED, fd, 0);
  CHECK_IS(fsync(fd), 0);
  unsigned sum = again[0];
  for (unsigned i = 0; i < PAGES; i++) sum += file[i * PAGE];
  CHECK(sum != 0, "the file is not all zero");
  unsigned before = figures_all().pages_cached;
  CHECK_IS(vm_advise(file, PAGES * PAGE, ADVICE_DONTNEED), VM_OK);
  unsigned after = figures_all().pages_cached;
  CHECK(before - after == PAGES - 1, "%u pages of files in memory, then %u", before, after);
  CHECK(count_resident(again, PAGES) == 1, "what another mapping uses stays");
  CHECK(pattern_is(file + 6, 1000, 6, 1), "the file's content");
  CHECK_IS(vm_unmap(file, PAGES * PAGE), VM_OK);
  CHECK_IS(vm_unmap(again, PAGES * PAGE), VM_OK);
}

/* Pages of a file and pages in swap come in. */
static void check_will_need(void) {
  char *file = vm_map(0, PAGES * PAGE, PROT_READ, MAP_SHARED, fd, 0),
       *memory = map_anonymous(PAGES);
  fill_pages(memory, PAGES, 1);
  push_out();
  unsigned before = count_resident(file, PAGES);
  CHECK_IS(vm_advise(file, PAGES * PAGE, ADVICE_WILLNEED), VM_OK);
  unsigned after = count_resident(file, PAGES);
  CHECK(after == PAGES, "%u pages of the file in memory, then %u", before, after);
  CHECK_IS(vm_advise(memory, PAGES * PAGE, ADVICE_WILLNEED), VM_OK);
  CHECK(count_resident(memory, PAGES) == PAGES, "pages in swap must come in");
  check_pages(memory, PAGES, 1);
}

/* The way of reading. */
static void check_ways(void) {
  char *memory = map_anonymous(150);
  for (int advice = ADVICE_NORMAL; advice <= ADVICE_RANDOM; advice++) {
    CHECK_IS(vm_advise(memory, 150 * PAGE, advice), VM_OK);
    fill_pages(memory, 150, advice);
    CHECK_IS(vm_advise(memory + 20 * PAGE, 50 * PAGE, 2 - advice), VM_OK);
    check_pages(memory, 150, advice);
  }
}

/* Errors. */
static void check_errors(void) {
  char *memory = map_anonymous(4);
  fill_pages(memory, 4, 1);
  CHECK_IS(vm_advise(memory, 4 * PAGE, 5), VM_EINVAL);
  CHECK_IS(vm_advise(memory, 4 * PAGE, -1), VM_EINVAL);
  CHECK_IS(vm_advise(memory + 8, PAGE, ADVICE_DONTNEED), VM_ERANGE);
  CHECK_IS(vm_advise(memory, 0, ADVICE_DONTNEED), VM_ERANGE);
  CHECK_IS(vm_advise(USER_END - PAGE, 2 * PAGE, ADVICE_DONTNEED), VM_ERANGE);
  CHECK_IS(vm_advise(PLACE, PAGE, ADVICE_WILLNEED), VM_ENOMAP);
  CHECK_IS(vm_unmap(memory + 3 * PAGE, PAGE), VM_OK);
  CHECK_IS(vm_advise(memory, 4 * PAGE, ADVICE_DONTNEED), VM_ENOMAP);
  check_pages(memory, 3, 1);
}

/* All. */
void test_main(void) {
  make_file("file", PAGES * PAGE, 1);
  fd = must_open("file");
  check_dont_need();
  check_file_leaves();
  check_will_need();
  check_ways();
  check_errors();
}
