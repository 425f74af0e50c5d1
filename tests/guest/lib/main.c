/* The main program of a test. */
#include "tests/guest/lib/test.h"

/* Runs the test between two lines. */
int main(int argc, char *argv[]) {
  test_name = argv[0];
  test_argc = argc;
  test_argv = argv;
  msg("begin");
  test_main();
  msg("end");
  return EXIT_SUCCESS;
}
