/* TEST: In a pool of four frames programs run, read and write files, and start and wait for others.
   PUT: child-args child-count
   POOL: 4 */
#include "tests/guest/lib/test.h"

/* A little of everything. */
void test_main(void) {
  make_file("data", 30000, 1);
  check_file("data", 30000, 1);
  CHECK(run("child-args one two") == 3, "a child");
  CHECK(run("child-count 1 2 3 4 5 6 7 8 9 10") == 11, "another");
  check_file("data", 30000, 1);
}
