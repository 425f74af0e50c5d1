/* TEST: exec starts a program with its arguments and gives its pid; both run on.
   PUT: child-args
   OUTPUT: ^\(child-args\) argv\[1\] = 'hello'$ */
#include "tests/guest/lib/test.h"

/* Starts and waits. */
void test_main(void) {
  pid_t pid = exec("child-args hello");
  CHECK(pid > 0, "pid is %d", pid);
  CHECK(pid != getpid(), "a pid of its own");
  CHECK(wait(pid) == 2, "its status");
}
