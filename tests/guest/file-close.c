/* TEST: close closes one descriptor once, and it can be given again; hundreds can be open. */
#include "tests/guest/lib/test.h"

#define FILES 300

/* Opens many, closes some, opens again. */
void test_main(void) {
  static int fds[FILES];
  char byte;
  make_file("data", 10, 1);
  for (int i = 0; i < FILES; i++) {
    fds[i] = must_open("data");
    for (int j = 0; j < i; j++) CHECK(fds[i] != fds[j], "descriptors %d and %d are the same", i, j);
  }
  for (int i = 0; i < FILES; i += 3) close(fds[i]);
  for (int i = 0; i < FILES; i++)
    CHECK((read(fds[i], &byte, 1) == 1) == (i % 3 != 0), "descriptor %d", fds[i]);
  for (int i = 0; i < FILES; i += 3) must_open("data");
  for (int round = 0; round < 2000; round++) close(must_open("data"));
}
