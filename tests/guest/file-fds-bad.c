/* TEST: Calls on descriptors that are not open fail and harm nobody. */
#include "tests/guest/lib/test.h"

/* All calls on FD; if IO also reading and writing. */
static void check_bad(int fd, bool io) {
  char buffer[16] = "unchanged";
  char name[READDIR_MAX_LEN + 1];
  if (io) {
    CHECK(read(fd, buffer, sizeof buffer) == -1, "read(%d)", fd);
    CHECK(write(fd, buffer, sizeof buffer) == -1, "write(%d)", fd);
    CHECK(buffer[0] == 'u', "the buffer is as it was");
  }
  CHECK(filesize(fd) == -1, "filesize(%d)", fd);
  CHECK(tell(fd) == (unsigned)-1, "tell(%d)", fd);
  CHECK(!readdir(fd, name) && !isdir(fd) && inumber(fd) == -1, "directory calls on %d", fd);
  seek(fd, 5);
  close(fd);
}

/* Never opened, closed, and the console's. */
void test_main(void) {
  static const int fds[] = {-1,         -2,         2,       3,          20,
                            1023,       4096,       65536,   1 << 20,    0x20000000,
                            0x3fffffff, 0x40000002, 1 << 30, 2147483647, -2147483647 - 1};
  for (unsigned i = 0; i < sizeof fds / sizeof *fds; i++) check_bad(fds[i], true);
  int fd = must_open("file-fds-bad");
  close(fd);
  check_bad(fd, true);
  check_bad(0, false);
  check_bad(1, false);
  char buffer[4] = "abc";
  CHECK(write(0, buffer, 3) == -1, "write to the keyboard");
  CHECK(read(1, buffer, 3) == -1, "read from the console");
  msg("the console still works");
}
