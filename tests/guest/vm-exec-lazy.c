/* TEST: exec reads the headers only: starting a program of 2 MB costs few pages, and few frames.
   PUT: vm-large
   DISK: 4 */
#include <stdio.h>
#include <syscall.h>
#include "tests/guest/lib/figures.h"
#include "tests/guest/lib/pages.h"
#include "tests/guest/lib/test.h"

/* Starts a large program that touches nothing. */
void test_main(void) {
  unsigned before = figures_file_pages();
  CHECK(RUN_CHILD("vm-large") == 7, "the large program ran");
  unsigned read = figures_file_pages() - before;
  CHECK(read <= 48, "few pages were read: %u", read);
}
