/* TEST: With a single slot of swap a child that fills memory is killed, again and again; its parent, and a modest
         child each time, are unharmed.
   ROUNDS: 100
   POOL: 48
   SWAP: 0.00390625
   ALLOW: full-one-slot: out of memory: no frame can be freed .* */
#include "tests/guest/lib/full.h"

/* All. */
void test_main(void) {
  full_rounds(full_greedy_and_modest);
}
