/* TEST: What one program wrote another reads at once, while the writer still has the file open.
   PUT: child-reader
   POOL: 32 */
#include "tests/guest/lib/test.h"

/* Writes in steps; a child checks each. */
void test_main(void) {
  char buffer[5000];
  CHECK(create("data", 0), "create");
  int fd = must_open("data");
  for (int step = 1; step <= 8; step++) {
    pattern_fill(buffer, sizeof buffer, (step - 1) * sizeof buffer, 1);
    CHECK(write(fd, buffer, sizeof buffer) == sizeof buffer, "write %d", step);
    CHECK(run("child-reader data %d", step * (int)sizeof buffer) == 12, "child %d", step);
  }
}
