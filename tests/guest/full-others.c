/* TEST: While one process holds all memory that it can get, without swap, another that goes on with
         what it has, its code, constants, a mapped file and a few pages, is not killed and gets on;
         again and again.
   BATTERY: a hundred rounds take seconds
   ROUNDS: 100
   POOL: 64
   SWAP: 0
   ALLOW: swap: .*
   ALLOW: full-others: out of memory: no frame can be freed .* */
#include "tests/guest/lib/full.h"

/* One round. */
static void use_up(void) {
  full_hold_all(200);
}

/* All. */
void test_main(void) {
  full_make_file();
  full_rounds(use_up);
}
