/* TEST: A sparse file of nearly 2 GB is mapped at no cost; its pages come as they are touched.
   POOL: 40
   DISK: 1 */
#include "tests/guest/lib/memory.h"

#define SIZE 0x7ffff000u

/* A page at its end, one in its middle, and holes. */
void test_main(void) {
  CHECK(create("file", 0), "create");
  int fd = must_open("file");
  seek(fd, SIZE - 5);
  CHECK_IS(write(fd, "12345", 5), 5);
  CHECK_IS(filesize(fd), SIZE);
  unsigned before = figures_all().frames_free;
  int id = mmap(fd, PLACE);
  CHECK(id != MAP_FAILED, "mmap");
  CHECK(figures_all().frames_free == before, "no frame may be taken");
  CHECK(PLACE[SIZE - 1] == '5' && PLACE[SIZE - 5] == '1', "its end");
  CHECK(memory_is_zero(PLACE + SIZE / 2, 2 * PAGE), "a hole");
  page_fill(PAGE_AT(PLACE, 0x30000), 7, 1);
  munmap(id);
  static char page[PAGE];
  seek(fd, 0x30000000);
  CHECK(read(fd, page, PAGE) == PAGE && page_verify(page, 7, 1), "what was written");
}
