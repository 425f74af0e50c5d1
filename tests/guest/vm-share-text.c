/* TEST: Copies of one program share the frames of its code and constants.
   PUT: vm-sharer
   POOL: 200
   DISK: 3 */
#include <stdio.h>
#include <syscall.h>
#include "tests/guest/lib/figures.h"
#include "tests/guest/lib/test.h"

#define COPIES 4

/* Starts four programs with 200 KB of constants each, which all stay; the last says how it went. */
void test_main(void) {
  int children[COPIES];
  unsigned before = figures_file_pages();
  for (int i = 0; i < COPIES; i++) {
    children[i] = exec("vm-sharer");
    CHECK(children[i] != -1, "copy %d starts", i);
  }
  for (int i = 0; i < COPIES; i++) CHECK(wait(children[i]) == 50, "copy %d saw its constants", i);
  unsigned read = figures_file_pages() - before;
  CHECK(read <= 50 + 40, "the constants were read once, not four times: %u pages", read);
}
