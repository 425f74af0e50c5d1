/* TEST: sleep_ms sleeps at least as long as asked, others run meanwhile, and time_ms goes on.
   PUT: child-exit */
#include "tests/guest/lib/test.h"

/* Sleeps while a child runs. */
void test_main(void) {
  uint32_t start = time_ms();
  CHECK(sleep_ms(100) == 0, "sleep_ms gives 0");
  uint32_t slept = time_ms() - start;
  CHECK(slept >= 90, "slept %u ms", (unsigned)slept);
  pid_t sleeper = spawn("child-exit 1 200");
  CHECK(run("child-exit 2") == 2, "others run");
  CHECK(wait(sleeper) == 1, "the sleeper ends");
  CHECK(sleep_ms(0) == 0 && yield() == 0, "no time at all");
}
