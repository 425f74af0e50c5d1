/* TEST: The string and buffer of a call are good as long as all their bytes are: they may end at the
         very end of valid memory, or lie across pages.
   PUT: child-exit */
#include <string.h>
#include "tests/guest/lib/test.h"

static char pages[3 * TEST_PAGE_SIZE];

/* Uses memory up to its last byte, for each way of using it. */
void test_main(void) {
  char *end = data_end();
  strlcpy(end - 11, "child-exit", 11);
  int fd = open(end - 11);
  CHECK(fd >= 2, "open() of a name that ends with the last valid byte");
  CHECK(read(fd, end - 16, 16) == 16, "read() up to the last valid byte");
  CHECK(write(1, "(edge) out\n", 11) == 11, "write() from constants");
  char *across = (char *)(((uintptr_t)pages + TEST_PAGE_SIZE) & ~(TEST_PAGE_SIZE - 1)) - 3;
  strlcpy(across, "child-exit", 11);
  CHECK(open(across) >= 2, "open() of a name across two pages");
  CHECK(read(fd, across, 4100) == 4100, "read() across three pages");
  CHECK(wait(exec("child-exit 3")) == 3, "exec() still works");
}
