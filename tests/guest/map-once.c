/* TEST: Four processes that read one mapped file at once read each of its pages from disk once.
   POOL: 200
   KERNEL: -policy=clock
   STRESS: a page that leaves before all have seen it is read again */
#include "tests/guest/lib/memory.h"

#define PAGES    60
#define CHILDREN 4

/* Reads all pages. */
static int look(char *unused) {
  (void)unused;
  CHECK(pattern_is(PLACE, PAGES * PAGE, 0, 1), "content");
  return 4;
}

/* All start with the file out of memory. */
void test_main(void) {
  pid_t children[CHILDREN];
  make_file("file", PAGES * PAGE, 1);
  map_file("file", PLACE);
  push_out();
  CHECK(count_resident(PLACE, PAGES) == 0, "the file must be out");
  unsigned before = figures_all().file_reads;
  for (int i = 0; i < CHILDREN; i++) children[i] = start_child(look, NULL);
  for (int i = 0; i < CHILDREN; i++) CHECK_IS(wait(children[i]), 4);
  unsigned read = figures_all().file_reads - before;
  CHECK(read <= PAGES + 10, "%u pages read for %u", read, PAGES);
}
