/* TEST: A removed file that is open when its program ends, by exit or killed, gives its room back.
   PUT: child-remove */
#include "tests/guest/lib/test.h"

/* The children each use more than half the free room. */
void test_main(void) {
  for (int i = 0; i < 3; i++) {
    CHECK(run("child-remove exit") == 3, "a child that exits, round %d", i);
    CHECK(run("child-remove killed") == -1, "a child that is killed, round %d", i);
  }
}
