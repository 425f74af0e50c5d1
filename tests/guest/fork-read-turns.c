/* TEST: Two processes that read a file by one position get each page once, and both get some: the one waits while
         the other's call waits for the disk.
   POOL: 32
   SWAP: 2 */
#include "tests/guest/lib/memory.h"

#define PAGES 200 /* More than the pool holds: every read waits for the disk. */

static int fd;
static char page[4096];

/* Reads pages until there are none; how many. */
static int read_pages(void) {
  int count = 0;
  while (read(fd, page, sizeof page) == (int)sizeof page) count++;
  return count;
}

/* Shares the reading. */
void test_main(void) {
  make_file("file", PAGES * sizeof page, 1);
  fd = must_open("file");
  pid_t child = fork();
  if (child == 0) exit(read_pages());
  int own = read_pages(), other = wait(child);
  CHECK_IS(own + other, PAGES);
  CHECK(own > 0 && other > 0, "the one read %d pages, the other %d", own, other);
}
