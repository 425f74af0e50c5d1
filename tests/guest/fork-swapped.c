/* TEST: Pages in swap are shared by fork, slots included, and each process still gets its own
         content.
   POOL: 32
   SWAP: 1 */
#include "tests/guest/lib/memory.h"

#define PAGES 150

/* All pages, while the parent writes to them; then its own. */
static int child(char *memory) {
  check_pages(memory, PAGES, 1);
  fill_pages(memory, 40, 2);
  check_pages(memory, 40, 2);
  for (unsigned i = 40; i < PAGES; i++) CHECK(page_verify(PAGE_AT(memory, i), i, 1), "page %u", i);
  return 8;
}

/* There are 256 slots: not enough for two copies. */
void test_main(void) {
  char *memory = map_anonymous(PAGES);
  fill_pages(memory, PAGES, 1);
  push_out();
  struct vm_info before = figures_all();
  CHECK(before.swapped >= PAGES - 32, "%u pages in swap", before.swapped);
  pid_t pid = fork();
  CHECK(pid != PID_ERROR, "fork");
  if (pid == 0) exit(child(memory));
  struct vm_info after = figures_all();
  CHECK(after.slots_used < before.slots_used + 30, "fork took %u slots",
        after.slots_used - before.slots_used);
  for (unsigned i = PAGES - 40; i < PAGES; i++) page_fill(PAGE_AT(memory, i), i, 3);
  CHECK_IS(wait(pid), 8);
  for (unsigned i = 0; i < PAGES; i++)
    CHECK(page_verify(PAGE_AT(memory, i), i, i < PAGES - 40 ? 1 : 3), "the parent's page %u", i);
}
