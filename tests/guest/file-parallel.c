/* TEST: Programs that write and read files of their own at the same time do not disturb each other.
   PUT: child-files
   POOL: 64 */
#include "tests/guest/lib/test.h"

#define CHILDREN 4

/* Starts them, then waits for them. */
void test_main(void) {
  pid_t pids[CHILDREN];
  for (int i = 0; i < CHILDREN; i++) pids[i] = spawn("child-files %d", i);
  for (int i = 0; i < CHILDREN; i++) CHECK(wait(pids[i]) == 10 + i, "child %d", i);
}
