/* TEST: When swap is full the process that needs more is killed with one line; its parent lives.
   PUT: vm-worker
   POOL: 48
   SWAP: 0.5
   OUTPUT: ^vm-worker: .*out of (memory|swap).*$
   ALLOW: vm-\S+: .*out of (memory|swap).*
   OUTPUT: ^vm-worker: exit\(-1\)$ */
#include <stdio.h>
#include <syscall.h>
#include "tests/guest/lib/pages.h"
#include "tests/guest/lib/test.h"

static char memory[10 * PAGE];

/* Keeps some pages while children want too much; then one that wants little. */
void test_main(void) {
  for (unsigned page = 0; page < 10; page++) page_fill(memory + page * PAGE, page, 1);
  for (int round = 0; round < 3; round++)
    CHECK(RUN_CHILD("vm-worker 500 1 5") == -1, "round %d: the greedy child was killed", round);
  CHECK(RUN_CHILD("vm-worker 60 2 6") == 6, "a modest child runs");
  for (unsigned page = 0; page < 10; page++)
    CHECK(page_verify(memory + page * PAGE, page, 1), "page %u of the parent", page);
}
