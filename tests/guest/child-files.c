/* child-files N: makes, checks and removes files in a directory of its own; ends with 10 + N. */
#include <stdio.h>
#include <stdlib.h>
#include "tests/guest/lib/test.h"

/* Works for a while. */
int main(int argc, char *argv[]) {
  char name[32];
  int number = argc > 1 ? atoi(argv[1]) : 0;
  test_name = "child-files";
  snprintf(name, sizeof name, "dir%d", number);
  CHECK(mkdir(name) && chdir(name), "a directory");
  for (int round = 0; round < 3; round++) {
    for (int i = 0; i < 5; i++) {
      snprintf(name, sizeof name, "file%d", i);
      make_file(name, 3000 * (i + 1) + number, number * 16 + round + i);
    }
    for (int i = 0; i < 5; i++) {
      snprintf(name, sizeof name, "file%d", i);
      check_file(name, 3000 * (i + 1) + number, number * 16 + round + i);
      CHECK(remove(name), "remove %s", name);
    }
  }
  return 10 + number;
}
