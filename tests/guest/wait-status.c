/* TEST: wait gives the child's status, whether it ended before or ends later.
   PUT: child-exit */
#include "tests/guest/lib/test.h"

/* Both. */
void test_main(void) {
  CHECK(wait(spawn("child-exit 81 100")) == 81, "a child that ends later");
  pid_t pid = spawn("child-exit 82");
  sleep_ms(200);
  CHECK(wait(pid) == 82, "a child that ended before");
  CHECK(wait(spawn("child-exit -1")) == -1, "a status of -1");
  CHECK(wait(spawn("child-exit 2147483647")) == 2147483647, "a large status");
}
