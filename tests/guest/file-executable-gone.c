/* TEST: A program whose file is removed while it runs runs on, bringing in pages it has not touched
         yet.
   PUT: child-late
   POOL: 32 */
#include "tests/guest/lib/test.h"

/* The child sleeps, then goes through its constants. */
void test_main(void) {
  pid_t pid = spawn("child-late 100");
  CHECK(remove("child-late"), "remove");
  CHECK(open("child-late") == -1, "it is gone");
  make_file("other", 200000, 1);
  CHECK(wait(pid) == 44, "the program ran to its end");
  check_file("other", 200000, 1);
}
