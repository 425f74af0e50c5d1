/* TEST: A hundred children one after the other, and twenty at once, each with its own pid and
         status.
   PUT: child-exit
   POOL: 100 */
#include "tests/guest/lib/test.h"

#define AT_ONCE 20

/* First alone, then together. */
void test_main(void) {
  pid_t pids[AT_ONCE];
  for (int i = 0; i < 100; i++) {
    int status = run("child-exit %d", i);
    CHECK(status == i, "child %d ended with %d", i, status);
  }
  for (int i = 0; i < AT_ONCE; i++) pids[i] = spawn("child-exit %d 30", 100 + i);
  for (int i = 0; i < AT_ONCE; i++)
    for (int j = 0; j < i; j++) CHECK(pids[i] != pids[j], "children %d and %d", i, j);
  for (int i = AT_ONCE - 1; i >= 0; i--) {
    int status = wait(pids[i]);
    CHECK(status == 100 + i, "child %d ended with %d", i, status);
  }
}
