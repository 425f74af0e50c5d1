/* TEST: mmap fails for an empty file, for descriptors 0, 1, -1, one never opened, one closed, and
         one of a directory. */
#include "tests/guest/lib/memory.h"

/* Tries each, then a good one at the same place. */
void test_main(void) {
  make_file("file", 10, 1);
  CHECK(create("empty", 0) && mkdir("dir"), "create");
  int file = must_open("file"), empty = must_open("empty"), dir = must_open("dir");
  int closed = must_open("file");
  close(closed);
  CHECK_IS(mmap(empty, PLACE), -1);
  CHECK_IS(mmap(0, PLACE), -1);
  CHECK_IS(mmap(1, PLACE), -1);
  CHECK_IS(mmap(-1, PLACE), -1);
  CHECK_IS(mmap(closed, PLACE), -1);
  CHECK_IS(mmap(12345, PLACE), -1);
  CHECK_IS(mmap(0x7fffffff, PLACE), -1);
  CHECK_IS(mmap(dir, PLACE), -1);
  must_die(read_byte, PLACE, "reading where every mapping failed");
  CHECK(mmap(file, PLACE) != MAP_FAILED, "a good one");
  CHECK(pattern_is(PLACE, 10, 0, 1), "its content");
}
