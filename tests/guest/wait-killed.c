/* TEST: wait gives -1 for a child that the kernel killed; the parent and later children live.
   PUT: child-instruction child-exit */
#include "tests/guest/lib/test.h"

/* One by one. */
void test_main(void) {
  CHECK(run("child-instruction ud2") == -1, "a killed child");
  pid_t pid = spawn("child-instruction ud2");
  sleep_ms(50);
  CHECK(wait(pid) == -1, "one that was killed before");
  CHECK(wait(pid) == -1, "a second time");
  CHECK(run("child-exit 6") == 6, "another child");
}
