/* TEST: Open files are not inherited: the child has none, and what it does to its descriptors does
         nothing to its parent's.
   PUT: child-fd */
#include "tests/guest/lib/test.h"

/* Several open files. */
void test_main(void) {
  char byte[4];
  for (int i = 0; i < 4; i++) {
    int fd = must_open("child-fd");
    CHECK(run("child-fd %d", fd) == 0, "descriptor %d is not open in the child", fd);
    CHECK(read(fd, byte, 4) == 4 && byte[1] == 'E', "descriptor %d is still open here", fd);
  }
}
