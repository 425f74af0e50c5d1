/* TEST: Writing beyond the end leaves zeroes between; seeking alone changes nothing. */
#include "tests/guest/lib/test.h"

#define PLACE 1000000

/* A byte far away. */
void test_main(void) {
  static char buffer[4096];
  CHECK(create("data", 10), "create");
  int fd = must_open("data");
  seek(fd, PLACE);
  CHECK(tell(fd) == PLACE && filesize(fd) == 10, "seek alone");
  CHECK(write(fd, "x", 1) == 1 && filesize(fd) == PLACE + 1, "write beyond the end");
  seek(fd, 0);
  int total = 0, bytes;
  while ((bytes = read(fd, buffer, sizeof buffer)) > 0)
    for (int i = 0; i < bytes; i++, total++)
      CHECK(buffer[i] == (total == PLACE ? 'x' : 0), "byte %d is %d", total, buffer[i]);
  CHECK(total == PLACE + 1, "%d bytes", total);
}
