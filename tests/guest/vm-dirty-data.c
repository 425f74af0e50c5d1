/* TEST: A page modified since it was loaded goes to swap, not to the executable: the next run of
         the same program finds the original.
   PUT: vm-dirty-child
   POOL: 32
   DISK: 3 */
#include <stdio.h>
#include <syscall.h>
#include "tests/guest/lib/pages.h"
#include "tests/guest/lib/test.h"

/* Runs the child three times. */
void test_main(void) {
  for (int round = 0; round < 3; round++)
    CHECK(RUN_CHILD("vm-dirty-child") == 0, "round %d found its data unchanged", round);
}
