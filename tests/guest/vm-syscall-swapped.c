/* TEST: System calls reach memory that is in swap or in the executable, buffers larger than the
         pool included.
   POOL: 32
   SWAP: 4 */
#include <stdio.h>
#include <string.h>
#include <syscall.h>
#include "tests/guest/lib/pages.h"
#include "tests/guest/lib/test.h"

#define PAGES 96

static char memory[PAGES * PAGE], other[PAGES * PAGE];
static const char name[] = "copy";

/* Writes all of the memory to a file by one call and reads it back by one, under pressure. */
void test_main(void) {
  for (unsigned page = 0; page < PAGES; page++) page_fill(memory + page * PAGE, page, 3);
  CHECK(create(name, 0), "create");
  int fd = open(name);
  CHECK(fd > 1, "open");
  CHECK(write(fd, memory, sizeof memory) == (int)sizeof memory, "write more than the pool holds");
  memset(other, 1, sizeof other);
  seek(fd, 0);
  CHECK(read(fd, other, sizeof other) == (int)sizeof other, "read more than the pool holds");
  for (unsigned page = 0; page < PAGES; page++) {
    CHECK(page_verify(other + page * PAGE, page, 3), "page %u came back", page);
    CHECK(page_verify(memory + page * PAGE, page, 3), "page %u is still there", page);
  }
  seek(fd, 5);
  CHECK(read(fd, other + 4090, 50 * PAGE) == (int)(50 * PAGE), "read at odd places");
  CHECK(memcmp(other + 4090, memory + 5, 50 * PAGE) == 0, "as written");
  close(fd);
  CHECK(remove(name), "remove");
}
