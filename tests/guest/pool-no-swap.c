/* TEST: Without a swap device programs run as long as their dirty pages fit, also when their code
         and constants have to be read again and again.
   PUT: child-late child-args
   POOL: 24
   SWAP: 0 */
#include "tests/guest/lib/test.h"

/* Constants of twice the pool, twice over. */
void test_main(void) {
  CHECK(run("child-late") == 44, "constants larger than the pool");
  CHECK(run("child-args one") == 2, "a small program");
}
