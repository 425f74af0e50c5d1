/* child-args [WORD...]: prints its arguments and ends with their number. */
#include "tests/guest/lib/test.h"

/* One line for each. */
int main(int argc, char *argv[]) {
  test_name = "child-args";
  for (int i = 0; i < argc; i++) msg("argv[%d] = '%s'", i, argv[i]);
  CHECK(argv[argc] == NULL, "argv[argc] must be null");
  return argc;
}
