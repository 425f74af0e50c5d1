/* TEST: Programs that never enter the kernel are preempted, so that others run.
   PUT: child-spin child-exit */
#include "tests/guest/lib/test.h"

/* Two that compute for long, and short ones between. */
void test_main(void) {
  pid_t first = spawn("child-spin 300"), second = spawn("child-spin 300");
  for (int i = 0; i < 5; i++) CHECK(run("child-exit %d", i) == i, "short one %d", i);
  CHECK(wait(first) == 55 && wait(second) == 55, "both computed right");
}
