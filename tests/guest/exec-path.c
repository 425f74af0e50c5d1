/* TEST: exec finds programs by relative and absolute paths, and the exit line shows the path.
   PUT: child-exit child-cwd
   OUTPUT: ^/child-exit: exit\(3\)$
   OUTPUT: ^\.\./\.\./child-exit: exit\(4\)$ */
#include "tests/guest/lib/test.h"

/* From the root and from below. */
void test_main(void) {
  CHECK(run("/child-exit 3") == 3, "absolute");
  CHECK(mkdir("a") && mkdir("a/b") && chdir("a/b"), "directories");
  CHECK(run("../../child-exit 4") == 4, "relative");
  CHECK(create("here", 0), "a file here");
  CHECK(run("/child-cwd here") == 0, "a child starts in the directory of its parent");
  CHECK(open("here") >= 2, "the parent stays where it was");
}
