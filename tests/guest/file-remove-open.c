/* TEST: A removed file stays usable through descriptors opened before, for reading, writing and
         growing, while a new file has its name; its room comes back with the last close. */
#include "tests/guest/lib/test.h"

/* Several rounds, each larger than half the disk's free room. */
void test_main(void) {
  static char buffer[4096];
  for (int round = 0; round < 4; round++) {
    make_file("data", 600000, round);
    int fd = must_open("data");
    CHECK(remove("data"), "remove");
    CHECK(open("data") == -1, "its name is gone");
    make_file("data", 50, round + 1);
    CHECK(filesize(fd) == 600000, "size");
    seek(fd, 599000);
    CHECK(read(fd, buffer, 4096) == 1000 && pattern_is(buffer, 1000, 599000, round), "read");
    pattern_fill(buffer, 4096, 600000, round);
    CHECK(write(fd, buffer, 4096) == 4096 && filesize(fd) == 604096, "grow");
    seek(fd, 600000);
    CHECK(read(fd, buffer, 4096) == 4096 && pattern_is(buffer, 4096, 600000, round), "read that");
    check_file("data", 50, round + 1);
    CHECK(remove("data"), "remove the other");
    close(fd);
  }
}
