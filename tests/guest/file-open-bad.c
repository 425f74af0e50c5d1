/* TEST: open of a missing, empty or over-long name, or of a path through a file, gives -1. */
#include <string.h>
#include "tests/guest/lib/test.h"

/* Tries each. */
void test_main(void) {
  char name[5000];
  CHECK(open("no-such-file") == -1, "a missing file");
  CHECK(open("") == -1, "an empty name");
  CHECK(open("no-such-directory/file") == -1, "a missing directory");
  CHECK(open("file-open-bad/file") == -1, "a path through a file");
  CHECK(open("file-open-bad/") == -1, "a file with a slash");
  memset(name, 'x', sizeof name - 1);
  name[sizeof name - 1] = '\0';
  CHECK(open(name) == -1, "a name of 4999");
  name[4096] = '\0';
  CHECK(open(name) == -1, "a name of 4096");
  name[256] = '\0';
  CHECK(open(name) == -1, "a name of 256");
  name[255] = '\0';
  CHECK(open(name) == -1, "a name of 255 that is not there");
}
