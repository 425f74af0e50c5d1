/* TEST: Processes that end while most of their pages are in swap, by exit, by being killed and
         without anyone waiting, give everything back.
   PUT: vm-worker vm-bad
   POOL: 48
   SWAP: 4 */
#include <stdio.h>
#include <syscall.h>
#include "tests/guest/lib/pages.h"
#include "tests/guest/lib/test.h"

/* Four rounds of three children. */
void test_main(void) {
  for (int round = 0; round < 4; round++) {
    int waited = exec("vm-worker 100 2 6");
    int killed = exec("vm-bad dirty-null-write");
    int forgotten = exec("vm-worker 60 1 7");
    CHECK(waited != -1 && killed != -1 && forgotten != -1, "round %d starts", round);
    CHECK(wait(killed) == -1, "round %d: the bad one was killed", round);
    CHECK(wait(waited) == 6, "round %d: the good one ended well", round);
  }
  CHECK(RUN_CHILD("vm-worker 300 1 8") == 8, "all swap can be had again");
}
