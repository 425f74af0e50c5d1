/* TEST: Children whose parent ended, before or after them, run to their end and leave nothing
         behind.
   PUT: child-orphan child-exit
   OUTPUT: ^child-exit: exit\(7\)$ */
#include "tests/guest/lib/test.h"

/* Some grandchildren end before their parent is waited for, some after. */
void test_main(void) {
  for (int i = 0; i < 5; i++) CHECK(run("child-orphan %d", i * 40) > 0, "orphan %d", i);
  spawn("child-exit 1");
  sleep_ms(400);
}
