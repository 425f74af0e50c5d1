/* TEST: Bytes between an old end of file and a new one are zero, whatever was in the page. */
#include "tests/guest/lib/test.h"

/* Grows by a few bytes, again and again, with gaps. */
void test_main(void) {
  char byte;
  CHECK(create("data", 0), "create");
  int fd = must_open("data");
  for (int i = 0; i < 300; i++) {
    seek(fd, i * 50 + 49);
    CHECK(write(fd, "z", 1) == 1, "write %d", i);
  }
  seek(fd, 0);
  for (int i = 0; i < 300 * 50; i++)
    CHECK(read(fd, &byte, 1) == 1 && byte == (i % 50 == 49 ? 'z' : 0), "byte %d is %d", i, byte);
}
