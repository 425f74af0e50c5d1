/* TEST: An unknown system call number kills the caller.
   PUT: child-stack */
#include "tests/guest/lib/test.h"

/* Between, beyond and far beyond the numbers in use. */
void test_main(void) {
  static const char *const kinds[] = {
      "number=20",   "number=63",         "number=200",         "number=9999", "number=-1",
      "number=-100", "number=2147483647", "number=-2147483648", "number=256",  "number=134513",
      NULL};
  check_killed("child-stack", kinds);
}
