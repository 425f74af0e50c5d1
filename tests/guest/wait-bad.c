/* TEST: wait for a pid that is no child's, or for oneself, fails with -1. */
#include "tests/guest/lib/test.h"

/* Pids that nobody has, and one's own. */
void test_main(void) {
  static const int pids[] = {-1, 0, 1, 9999, 0x0c020301, 2147483647, -2147483647 - 1};
  for (unsigned i = 0; i < sizeof pids / sizeof *pids; i++)
    if (pids[i] != getpid()) CHECK(wait(pids[i]) == -1, "wait(%d)", pids[i]);
  CHECK(wait(getpid()) == -1, "wait for oneself");
}
