/* TEST: A descriptor of a directory cannot be read from or written to; readdir goes on where it was
         for each descriptor alone. */
#include <string.h>
#include "tests/guest/lib/test.h"

/* Two descriptors of one directory. */
void test_main(void) {
  char first[READDIR_MAX_LEN + 1], second[READDIR_MAX_LEN + 1], buffer[64] = "x";
  CHECK(mkdir("dir") && create("dir/a", 0) && create("dir/b", 0), "make");
  int fd = must_open("dir"), other = must_open("dir");
  CHECK(read(fd, buffer, sizeof buffer) == -1, "read");
  CHECK(write(fd, buffer, sizeof buffer) == -1, "write");
  CHECK(readdir(fd, first) && readdir(other, second) && strcmp(first, second) == 0, "the first");
  CHECK(readdir(fd, second) && strcmp(first, second) != 0, "the next");
  CHECK(!readdir(fd, second) && readdir(other, second), "the end of one alone");
}
