/* TEST: The exit line shows the first word of the command line, whole, however long it is.
   PUT: child-exit=a-program-with-a-name-far-longer-than-the-16-bytes-a-thread-has
   OUTPUT: ^a-program-with-a-name-far-longer-than-the-16-bytes-a-thread-has: exit\(4\)$ */
#include "tests/guest/lib/test.h"

/* Runs it. */
void test_main(void) {
  CHECK(run("a-program-with-a-name-far-longer-than-the-16-bytes-a-thread-has 4") == 4, "status");
}
