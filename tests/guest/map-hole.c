/* TEST: Holes of a sparse file read as zero through a mapping and can be written.
   POOL: 32
   DISK: 1 */
#include "tests/guest/lib/memory.h"

#define PAGES 300

/* The file is larger than the disk; every 30th page is written. */
void test_main(void) {
  CHECK(create("file", 0), "create");
  int fd = must_open("file");
  seek(fd, PAGES * PAGE - 1);
  CHECK_IS(write(fd, "e", 1), 1);
  int id = mmap(fd, PLACE);
  CHECK(id != MAP_FAILED, "mmap");
  for (unsigned i = 0; i + 1 < PAGES; i++)
    CHECK(memory_is_zero(PAGE_AT(PLACE, i), PAGE), "page %u must be zero", i);
  for (unsigned i = 0; i < PAGES; i += 30) page_fill(PAGE_AT(PLACE, i), i, 1);
  push_out();
  for (unsigned i = 0; i + 1 < PAGES; i++)
    CHECK(i % 30 == 0 ? page_verify(PAGE_AT(PLACE, i), i, 1)
                      : memory_is_zero(PAGE_AT(PLACE, i), PAGE),
          "page %u", i);
  munmap(id);
  static char page[PAGE];
  seek(fd, 60 * PAGE);
  CHECK(read(fd, page, PAGE) == PAGE && page_verify(page, 60, 1), "page 60 of the file");
  CHECK(read(fd, page, PAGE) == PAGE && memory_is_zero(page, PAGE), "page 61 of the file");
}
