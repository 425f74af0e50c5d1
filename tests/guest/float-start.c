/* TEST: A program starts with clean floating-point registers, whatever others had in them; a child of fork
         with its parent's, and what either does then is its own.
   PUT: float-start */
#include "tests/guest/lib/float.h"
#include "tests/guest/lib/memory.h"

/* Goes on with its parent's registers, then changes them. */
static int inherit(char *unused) {
  (void)unused;
  floats_check(1, "after fork in the child");
  floats_load(2);
  sleep_ms(20);
  floats_check(2, "in the child");
  return 7;
}

/* Leaves all registers full. */
static int leave(char *unused) {
  (void)unused;
  floats_load(3);
  return 3;
}

/* Uses floating point for the first time while its parent has never done so. */
static int begin(char *unused) {
  (void)unused;
  floats_check_clean("in a child");
  floats_load(4);
  return 4;
}

/* The program itself is the child that must find all clean. */
void test_main(void) {
  if (test_argc == 2) {
    floats_check_clean("at the start of a program");
    floats_load(5);
    return;
  }
  CHECK_IS(run_child(begin, NULL), 4);
  CHECK_IS(run_child(leave, NULL), 3);
  CHECK_IS(run("float-start again"), 0);
  floats_check_clean("after others");
  floats_load(1);
  for (unsigned i = 0; i < 5; i++) {
    CHECK_IS(run_child(inherit, NULL), 7);
    floats_check(1, "after fork in the parent");
    CHECK_IS(run_child(leave, NULL), 3);
    CHECK_IS(run("float-start again"), 0);
    floats_check(1, "after other programs");
  }
}
