/* TEST: create makes a file of the size asked for, all zeroes, and does not open it. */
#include "tests/guest/lib/test.h"

/* NAME must be of SIZE zero bytes. */
static void check_zeroes(const char *name, int size) {
  static char buffer[4096];
  int fd = must_open(name), total = 0, bytes;
  CHECK(filesize(fd) == size, "%s is of %d bytes", name, filesize(fd));
  while ((bytes = read(fd, buffer, sizeof buffer)) > 0) {
    for (int i = 0; i < bytes; i++) CHECK(buffer[i] == 0, "byte %d of %s", total + i, name);
    total += bytes;
  }
  CHECK(total == size, "%d bytes of %s can be read", total, name);
  close(fd);
}

/* Several sizes. */
void test_main(void) {
  CHECK(create("empty", 0), "create an empty file");
  CHECK(create("small", 1), "create a small file");
  CHECK(create("pages", 12345), "create a file of pages");
  CHECK(create("large", 300000), "create a large file");
  check_zeroes("empty", 0);
  check_zeroes("small", 1);
  check_zeroes("pages", 12345);
  check_zeroes("large", 300000);
}
