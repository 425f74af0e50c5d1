/* TEST: exec of a program that is not there fails with -1; the caller lives.
   ALLOW: load: .* */
#include "tests/guest/lib/test.h"

/* Missing at different places. */
void test_main(void) {
  CHECK(exec("no-such-file") == PID_ERROR, "a missing file");
  CHECK(exec("no-such-file with arguments") == PID_ERROR, "with arguments");
  CHECK(exec("no-such-directory/file") == PID_ERROR, "in a missing directory");
  CHECK(exec("exec-missing/file") == PID_ERROR, "in a file");
}
