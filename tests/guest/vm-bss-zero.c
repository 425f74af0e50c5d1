/* TEST: Memory never written is zero, in frames and slots that other programs have used too.
   PUT: vm-worker
   POOL: 48 */
#include <stdio.h>
#include <syscall.h>
#include "tests/guest/lib/pages.h"
#include "tests/guest/lib/test.h"

#define PAGES 64

static char memory[PAGES * PAGE];

/* Lets another program dirty every frame and many slots, then looks. */
void test_main(void) {
  CHECK(RUN_CHILD("vm-worker 80 1 3") == 3, "a worker ran");
  CHECK(memory_is_zero(memory, sizeof memory), "uninitialised data is zero");
  CHECK(RUN_CHILD("vm-worker 80 1 4") == 4, "a worker ran again");
  CHECK(memory_is_zero(memory, sizeof memory), "uninitialised data is zero still");
}
