/* TEST: The second wait for a child fails with -1 at once.
   PUT: child-exit */
#include "tests/guest/lib/test.h"

/* Waits again and again. */
void test_main(void) {
  pid_t pid = spawn("child-exit 5");
  CHECK(wait(pid) == 5, "first");
  CHECK(wait(pid) == -1, "second");
  CHECK(wait(pid) == -1, "third");
}
