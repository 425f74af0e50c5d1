/* TEST: inumber is the same for all descriptors of a file or directory and different for different
         ones that exist at the same time. */
#include <stdio.h>
#include "tests/guest/lib/test.h"

#define FILES 20

/* inumber of NAME, by a descriptor of its own. */
static int number_of(const char *name) {
  int fd = must_open(name), number = inumber(fd);
  CHECK(number > 0 && number == inumber(fd), "inumber of %s is %d", name, number);
  close(fd);
  return number;
}

/* Files, directories, and other ways to them. */
void test_main(void) {
  char name[16];
  int numbers[FILES];
  for (int i = 0; i < FILES; i++) {
    snprintf(name, sizeof name, "%s%d", i % 2 ? "file" : "dir", i);
    CHECK(i % 2 ? create(name, 0) : mkdir(name), "make %s", name);
    numbers[i] = number_of(name);
    for (int j = 0; j < i; j++) CHECK(numbers[i] != numbers[j], "%s and number %d", name, j);
  }
  CHECK(number_of("dir0/.") == numbers[0] && number_of("dir2/../dir0") == numbers[0], "dots");
  CHECK(number_of("/file1") == numbers[1], "an absolute path");
  CHECK(number_of("/") == number_of("..") && number_of("/") == number_of("dir0/.."), "the root");
}
