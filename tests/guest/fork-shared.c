/* TEST: After fork, shared memory and shared file mappings are the same for parent, child and
         grandchild, whoever touches a page first, also when pages leave.
   POOL: 40 */
#include "tests/guest/lib/memory.h"

#define PAGES 30

/* The grandchild writes the last third. */
static int grandchild(char *memory) {
  check_pages(memory, PAGES / 3, 1);
  for (unsigned i = 2 * PAGES / 3; i < PAGES; i++) {
    page_fill(PAGE_AT(memory, i), i, 3);
    page_fill(PAGE_AT(PLACE, i), i, 3);
  }
  return 3;
}

/* The child writes the second third. */
static int child(char *memory) {
  for (unsigned i = PAGES / 3; i < 2 * PAGES / 3; i++) {
    page_fill(PAGE_AT(memory, i), i, 2);
    page_fill(PAGE_AT(PLACE, i), i, 2);
  }
  return run_child(grandchild, memory);
}

/* The parent writes the first third and sees all. */
void test_main(void) {
  CHECK(create("file", PAGES * PAGE), "create");
  map_file("file", PLACE);
  char *memory = map_shared(PAGES);
  fill_pages(memory, PAGES / 3, 1);
  fill_pages(PLACE, PAGES / 3, 1);
  CHECK_IS(run_child(child, memory), 3);
  push_out();
  for (unsigned i = 0; i < PAGES; i++) {
    unsigned version = 1 + i / (PAGES / 3);
    CHECK(page_verify(PAGE_AT(memory, i), i, version), "shared memory, page %u", i);
    CHECK(page_verify(PAGE_AT(PLACE, i), i, version), "file, page %u", i);
  }
}
