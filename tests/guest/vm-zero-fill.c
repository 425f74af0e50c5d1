/* TEST: A page of zeroes needs no disk: its first fault reads nothing, whatever its size in the
         program.
   POOL: 300
   STRESS: counts what leaves only when it must */
#include <stdio.h>
#include "tests/guest/lib/figures.h"
#include "tests/guest/lib/pages.h"
#include "tests/guest/lib/test.h"

#define PAGES 200

static char memory[PAGES * PAGE];

/* Touches each page once, by reading and by writing. */
void test_main(void) {
  struct vm_info before = figures_all();
  for (unsigned page = 1; page < PAGES - 1; page++) {
    CHECK(memory[page * PAGE + 5] == 0, "page %u is zero", page);
    memory[page * PAGE] = 1;
  }
  struct vm_info after = figures_all();
  CHECK(after.faults_zero - before.faults_zero >= PAGES - 2, "each is a fault of its kind");
  CHECK(after.file_reads - before.file_reads <= 2, "%u pages were read",
        (unsigned)(after.file_reads - before.file_reads));
  CHECK(after.swap_reads == before.swap_reads, "swap was read");
}
