/* TEST: exit ends the program with its status at once, which its exit line shows.
   EXPECT: exit(57)
   ABSENT: \(exit-status\) end */
#include "tests/guest/lib/test.h"

/* Ends. */
void test_main(void) {
  exit(57);
}
