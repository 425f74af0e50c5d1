/* TEST: wait for a process that is not a direct child, a sibling or a grandchild, fails with -1.
   PUT: child-exit child-wait child-orphan */
#include "tests/guest/lib/test.h"

/* The children tell. */
void test_main(void) {
  pid_t sibling = spawn("child-exit 9 300");
  CHECK(run("child-wait %d", sibling) == 0, "a sibling");
  CHECK(run("child-wait %d", getpid()) == 0, "the parent");
  CHECK(wait(sibling) == 9, "its parent can");
  pid_t grandchild = run("child-orphan 200");
  CHECK(grandchild > 0, "a grandchild runs");
  CHECK(wait(grandchild) == -1, "a grandchild");
  sleep_ms(300);
}
