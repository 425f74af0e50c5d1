/* TEST: Spaces before, between and after the words of a command line passed to exec do not matter,
         and the program is named by the first word alone.
   PUT: child-args
   OUTPUT: ^\(child-args\) argv\[0\] = 'child-args'$
   OUTPUT: ^\(child-args\) argv\[2\] = 'b'$
   OUTPUT: ^child-args: exit\(3\)$ */
#include "tests/guest/lib/test.h"

/* The child ends with the number of its arguments. */
void test_main(void) {
  CHECK(run("%s", "child-args a b") == 3, "plain");
  CHECK(run("%s", "  child-args   a     b   ") == 3, "with spaces everywhere");
  CHECK(run("%s", "child-args ") == 1, "with a space after the name");
}
