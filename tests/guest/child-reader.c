/* child-reader NAME SIZE: ends with 12 if file NAME is of SIZE bytes of the pattern 1. */
#include <stdlib.h>
#include "tests/guest/lib/test.h"

/* Reads it. */
int main(int argc, char *argv[]) {
  test_name = "child-reader";
  CHECK(argc == 3, "usage: child-reader NAME SIZE");
  check_file(argv[1], (unsigned)atoi(argv[2]), 1);
  return 12;
}
