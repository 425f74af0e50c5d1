/* TEST: getpid gives the pid that exec gave the parent.
   PUT: child-pid */
#include "tests/guest/lib/test.h"

/* The child ends with its own pid. */
void test_main(void) {
  pid_t first = spawn("child-pid"), second = spawn("child-pid");
  CHECK(wait(first) == first, "first child");
  CHECK(wait(second) == second, "second child");
  CHECK(getpid() != first && getpid() != second, "the parent's is another");
}
