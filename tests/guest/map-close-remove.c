/* TEST: A mapping outlives the close of its descriptor and the removal of its file, also while its
         pages come and go.
   POOL: 32 */
#include "tests/guest/lib/memory.h"

#define PAGES 40

/* Closes, removes, makes another file of that name. */
void test_main(void) {
  make_file("file", PAGES * PAGE, 1);
  int id = map_file("file", PLACE);
  CHECK(pattern_is(PLACE, PAGES * PAGE, 0, 1), "after close");
  CHECK(remove("file"), "remove");
  CHECK_IS(open("file"), -1);
  CHECK(pattern_is(PLACE, PAGES * PAGE, 0, 1), "after remove");
  fill_pages(PLACE, PAGES, 3);
  make_file("file", 3 * PAGE, 2);
  push_out();
  check_pages(PLACE, PAGES, 3);
  check_file("file", 3 * PAGE, 2);
  munmap(id);
  check_file("file", 3 * PAGE, 2);
  id = map_file("file", PLACE);
  CHECK(remove("file"), "remove");
  PLACE[0] = 'x';
}
