/* TEST: read gives what is there, less at the end and 0 after it, and moves the position by that. */
#include "tests/guest/lib/test.h"

#define SIZE 10000

/* Reads of several sizes at several places. */
void test_main(void) {
  static char buffer[SIZE + 5000];
  make_file("data", SIZE, 7);
  int fd = must_open("data");
  CHECK(read(fd, buffer, 0) == 0 && tell(fd) == 0, "nothing");
  CHECK(read(fd, buffer, sizeof buffer) == SIZE && pattern_is(buffer, SIZE, 0, 7), "all");
  CHECK(read(fd, buffer, 10) == 0 && tell(fd) == SIZE, "at the end");
  seek(fd, 9990);
  CHECK(read(fd, buffer, 100) == 10 && pattern_is(buffer, 10, 9990, 7), "across the end");
  seek(fd, 4090);
  CHECK(read(fd, buffer, 20) == 20 && pattern_is(buffer, 20, 4090, 7), "across pages");
  seek(fd, SIZE + 1);
  CHECK(read(fd, buffer, 1) == 0, "beyond the end");
  seek(fd, 0xffffffff);
  CHECK(read(fd, buffer, 1) <= 0, "far beyond the end");
  seek(fd, 0);
  CHECK(read(fd, buffer, 1) == 1 && pattern_is(buffer, 1, 0, 7), "back at the start");
}
