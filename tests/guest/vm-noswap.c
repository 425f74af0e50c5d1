/* TEST: Without swap programs run in what memory there is; who needs more is killed.
   PUT: vm-worker
   POOL: 64
   SWAP: 0
   OUTPUT: (?i)^swap: .*(no|disabled|without).*
   OUTPUT: ^vm-worker: .*out of (memory|swap).*$ */
#include <stdio.h>
#include <syscall.h>
#include "tests/guest/lib/pages.h"
#include "tests/guest/lib/test.h"

/* Small fits, large does not, small still does. */
void test_main(void) {
  CHECK(RUN_CHILD("vm-worker 20 3 5") == 5, "a small program runs");
  CHECK(RUN_CHILD("vm-worker 200 1 5") == -1, "a large one is killed");
  CHECK(RUN_CHILD("vm-worker 20 3 5") == 5, "a small program runs again");
}
