/* TEST: Running the same program sixty times, in memory that holds it only a few times, leaks
         nothing.
   PUT: vm-worker
   POOL: 64 */
#include <stdio.h>
#include <syscall.h>
#include "tests/guest/lib/pages.h"
#include "tests/guest/lib/test.h"

/* Runs them one after the other. */
void test_main(void) {
  for (int i = 0; i < 60; i++) CHECK(RUN_CHILD("vm-worker 40 1 5") == 5, "run %d", i);
}
