/* TEST: create of an empty or over-long name, of one that is there, in a directory that is not
         there, or of a size the disk has not, gives false and changes nothing. */
#include <string.h>
#include "tests/guest/lib/test.h"

/* Tries each. */
void test_main(void) {
  char name[600];
  CHECK(!create("", 10), "an empty name");
  CHECK(create("there", 10) && !create("there", 20), "a name that is there");
  CHECK(filesize(must_open("there")) == 10, "that file is as it was");
  CHECK(!create("no-such-directory/file", 0), "a missing directory");
  CHECK(!create("there/file", 0), "a file as a directory");
  CHECK(!create("/", 0) && !create(".", 0) && !create("..", 0), "directories that are there");
  CHECK(!create("new/", 0), "a name that ends with a slash");
  memset(name, 'x', sizeof name - 1);
  name[256] = '\0';
  CHECK(!create(name, 0), "a name of 256");
  name[256] = 'x';
  name[599] = '\0';
  CHECK(!create(name, 0), "a name of 599");
  CHECK(!create("huge", 0x7fffffff) && open("huge") == -1, "a size of 2 GB");
  CHECK(!create("huge", 0xffffffff) && open("huge") == -1, "a size of 4 GB");
  CHECK(create("fits", 1000), "one that fits can still be made");
}
