/* child-orphan MS: starts "child-exit 7 MS" and ends with its pid, without waiting. */
#include "tests/guest/lib/test.h"

/* Leaves the grandchild alone. */
int main(int argc, char *argv[]) {
  test_name = "child-orphan";
  return spawn("child-exit 7 %s", argc > 1 ? argv[1] : "0");
}
