/* child-count 1 2 3...: ends with the number of its arguments, modulo 256, if each is its own
   number. */
#include <stdlib.h>
#include "tests/guest/lib/test.h"

/* Compares. */
int main(int argc, char *argv[]) {
  test_name = "child-count";
  for (int i = 1; i < argc; i++) CHECK(atoi(argv[i]) == i, "argv[%d] is '%s'", i, argv[i]);
  CHECK(argv[argc] == NULL, "argv[argc] must be null");
  return argc % 256;
}
