/* TEST: exec of an empty command line, or of spaces alone, fails with -1.
   ALLOW: load: .* */
#include "tests/guest/lib/test.h"

/* Nothing, and less than nothing. */
void test_main(void) {
  CHECK(exec("") == PID_ERROR, "an empty line");
  CHECK(exec(" ") == PID_ERROR, "a space");
  CHECK(exec("          ") == PID_ERROR, "many spaces");
}
