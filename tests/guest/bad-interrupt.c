/* TEST: INT of a vector that is not the system call's kills the program: exceptions, device
         interrupts, and vectors without a meaning cannot be called.
   PUT: child-instruction
   ABSENT: Kernel */
#include "tests/guest/lib/test.h"

/* One child for each. */
void test_main(void) {
  static const char *const kinds[] = {
      "int=0",  "int=1",   "int=2",   "int=3",   "int=6",   "int=8",   "int=13",  "int=14",
      "int=16", "int=31",  "int=32",  "int=33",  "int=36",  "int=46",  "int=47",  "int=49",
      "int=64", "int=127", "int=128", "int=129", "int=239", "int=254", "int=255", NULL};
  check_killed("child-instruction", kinds);
}
