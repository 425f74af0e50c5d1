/* TEST: A chain of programs, each started by the one before, until memory for one more is missing;
         every time the chain can be as long, and nothing is left of it.
   PUT: vm-chain
   POOL: 100
   ALLOW: load: .*
   ALLOW: vm-chain: .*
   SWAP: 2 */
#include <stdio.h>
#include "tests/guest/lib/pages.h"
#include "tests/guest/lib/test.h"

/* Three chains. */
void test_main(void) {
  int first = RUN_CHILD("vm-chain 1");
  CHECK(first >= 8, "the chain is at least 8 long, not %d", first);
  for (int round = 0; round < 3; round++) {
    int length = RUN_CHILD("vm-chain 1");
    CHECK(length >= first - 1, "the chain in round %d is %d long, at first %d", round, length,
          first);
  }
}
