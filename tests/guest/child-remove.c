/* child-remove HOW: makes a large file, removes it while it is open, and ends with status 3, or by
   a bad access if HOW is "killed". */
#include <string.h>
#include "tests/guest/lib/test.h"

/* Nothing is there. */
static volatile int *volatile bad_address = (volatile int *)4;

/* Leaves the descriptor open. */
int main(int argc, char *argv[]) {
  test_name = "child-remove";
  make_file("victim", 900000, 1);
  must_open("victim");
  CHECK(remove("victim"), "remove");
  if (argc > 1 && strcmp(argv[1], "killed") == 0) *bad_address = 1;
  return 3;
}
