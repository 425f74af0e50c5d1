/* HELPER: swap-reread: passes over memory that is four times the pool: some that only read, one that writes, and
   some that read again.  Says after each kind how many pages were read from swap and written to it. */
#include "tests/guest/lib/memory.h"

#define PAGES  256
#define PASSES 10

static char *memory;

/* Runs PASSES passes that find every page in VERSION, and says what swap had to do for them. */
static void read_all(const char *when, unsigned version) {
  struct vm_info before = figures_all();
  for (int pass = 0; pass < PASSES; pass++) check_pages(memory, PAGES, version);
  struct vm_info after = figures_all();
  msg("%s: %u read, %u written, %u slots", when, (unsigned)(after.swap_reads - before.swap_reads),
      (unsigned)(after.swap_writes - before.swap_writes), (unsigned)after.slots_used);
}

/* Written once, and once more. */
void test_main(void) {
  memory = map_anonymous(PAGES);
  fill_pages(memory, PAGES, 1);
  read_all("written once", 1);
  fill_pages(memory, PAGES, 2);
  read_all("written twice", 2);
}
