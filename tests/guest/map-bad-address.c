/* TEST: mmap fails at address 0, at one that is not aligned, in the kernel's space, into it, and
         around the end of memory. */
#include "tests/guest/lib/memory.h"

/* The file is of two pages and a byte. */
void test_main(void) {
  make_file("file", 2 * PAGE + 1, 1);
  int fd = must_open("file");
  uint32_t bad[] = {0,          1,          0x10000001, 0x10000800, 0x10000fff, 0xc0000000,
                    0xc0100000, 0xfffff000, 0xffffe000, 0xbfffe000, 0xbffff000, 0xfffffffe};
  for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++)
    CHECK(mmap(fd, (void *)bad[i]) == MAP_FAILED, "mmap at %x must fail", (unsigned)bad[i]);
  CHECK(mmap(fd, (void *)0x1000) != MAP_FAILED, "mmap at page 1 must succeed");
  CHECK(pattern_is((void *)0x1000, 2 * PAGE + 1, 0, 1), "its content");
}
