/* TEST: The stack grows for a buffer that only a system call touches: read fills it, write reads
         zeroes from it.
   POOL: 64 */
#include <stdio.h>
#include <string.h>
#include <syscall.h>
#include "tests/guest/lib/pages.h"
#include "tests/guest/lib/test.h"

/* Reads a file's beginning into a buffer that was never touched, twice, and compares. */
__attribute__((noinline)) static void read_file(void) {
  char first[12 * 1024], second[12 * 1024];
  int fd = open("vm-stack-syscall");
  CHECK(fd > 1, "open");
  CHECK(read(fd, first, 8192) == 8192, "read into untouched stack");
  CHECK(memcmp(first, "\177ELF", 4) == 0, "the file's first bytes");
  seek(fd, 0);
  CHECK(read(fd, second, 8192) == 8192, "read again");
  CHECK(memcmp(first, second, 8192) == 0, "both are alike");
  close(fd);
}

/* Writes a buffer to a file that was never touched. */
__attribute__((noinline)) static void write_file(void) {
  volatile char buffer[100 * 1024];
  int fd;
  CHECK(create("zeroes", 0), "create");
  fd = open("zeroes");
  CHECK(write(fd, (const char *)buffer, 20000) == 20000, "write from untouched stack");
  close(fd);
  CHECK(remove("zeroes"), "remove");
}

/* Both. */
void test_main(void) {
  write_file();
  read_file();
}
