/* TEST: Writing to a full disk writes less than asked, or nothing; what was written stays right, and
         removing a file makes room again. */
#include "tests/guest/lib/test.h"

#define CHUNK 8192

static char buffer[CHUNK];

/* Fills the disk, checks, and makes room. */
void test_main(void) {
  make_file("before", 20000, 4);
  CHECK(create("filler", 0), "create");
  int fd = must_open("filler"), total = 0, bytes;
  do {
    pattern_fill(buffer, CHUNK, total, 6);
    bytes = write(fd, buffer, CHUNK);
    CHECK(bytes >= 0, "write at %d gave %d", total, bytes);
    total += bytes;
  } while (bytes == CHUNK);
  CHECK(total > 500000 && total < 2 << 20, "%d bytes fitted", total);
  CHECK(write(fd, buffer, CHUNK) <= 0, "more does not fit");
  CHECK(filesize(fd) == total, "size");
  close(fd);
  check_file("filler", total, 6);
  check_file("before", 20000, 4);
  CHECK(remove("filler"), "remove");
  make_file("after", 500000, 8);
  check_file("after", 500000, 8);
}
