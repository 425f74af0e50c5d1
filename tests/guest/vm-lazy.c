/* TEST: A program's pages are read from its file only when they are touched.
   DISK: 3
   OUTPUT: \(vm-lazy\) touched 4 of 256 pages */
#include <stdio.h>
#include <syscall.h>
#include "tests/guest/lib/figures.h"
#include "tests/guest/lib/pages.h"
#include "tests/guest/lib/test.h"

#define PAGES 256

/* In the file, as not all of it is zero. */
static volatile unsigned char data[PAGES * PAGE] __attribute__((aligned(4096))) = {
    [0] = 1, [100 * PAGE] = 2, [200 * PAGE + 17] = 3, [PAGES * PAGE - 1] = 4};

/* Touches four pages far apart. */
void test_main(void) {
  unsigned before = figures_file_pages();
  CHECK(data[0] == 1, "first byte");
  CHECK(data[100 * PAGE] == 2, "page 100");
  CHECK(data[200 * PAGE + 17] == 3, "page 200");
  CHECK(data[PAGES * PAGE - 1] == 4, "last byte");
  unsigned read = figures_file_pages() - before;
  CHECK(read <= 4 * 16 + 8, "at most a read-ahead cluster for each page touched: %u read", read);
  msg("touched 4 of %d pages", PAGES);
}
