/* TEST: A system call whose number or arguments are not wholly in valid memory kills the caller.
   PUT: child-stack */
#include "tests/guest/lib/test.h"

/* One child for each kind. */
void test_main(void) {
  static const char *const kinds[] = {
      "null",        "hole",          "kernel",        "last-word",    "half-number",
      "no-argument", "half-argument", "last-argument", "top-of-stack", NULL};
  check_killed("child-stack", kinds);
}
