/* TEST: A mapping larger than memory works without swap: pages that were written go to the file,
         and come back from there.
   POOL: 32
   SWAP: 0 */
#include "tests/guest/lib/memory.h"

#define PAGES 150

/* Writes all in two passes, then reads the file by read(). */
void test_main(void) {
  CHECK(create("file", PAGES * PAGE), "create");
  int id = map_file("file", PLACE);
  fill_pages(PLACE, PAGES, 1);
  check_pages(PLACE, PAGES, 1);
  fill_pages(PLACE, PAGES, 2);
  CHECK(count_resident(PLACE, PAGES) <= 32, "more resident than there are frames");
  munmap(id);
  static char page[PAGE];
  int fd = must_open("file");
  for (unsigned i = 0; i < PAGES; i++)
    CHECK(read(fd, page, PAGE) == PAGE && page_verify(page, i, 2), "page %u of the file", i);
}
