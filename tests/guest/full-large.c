/* TEST: In a pool that is large enough for a reserve of free frames, kept by a thread of its own, that
         thread does not take the last pages that can leave from those who go on with what they have
         while one holds all memory; again and again.
   BATTERY: its rounds take seconds
   ROUNDS: 30
   MEM: 8
   POOL: 1000
   SWAP: 0.25
   ALLOW: full-large: out of memory: no frame can be freed .* */
#include "tests/guest/lib/full.h"

/* One round. */
static void use_up(void) {
  full_hold_all(1600);
}

/* All. */
void test_main(void) {
  full_make_file();
  full_rounds(use_up);
}
