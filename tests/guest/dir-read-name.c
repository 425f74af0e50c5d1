/* TEST: readdir_name gives whole names and their lengths, 0 at the end, and -1 for a bad descriptor
         or a name that does not fit, which the next call gives again. */
#include <string.h>
#include "tests/guest/lib/test.h"

/* One long name. */
void test_main(void) {
  char name[256], found[256];
  memset(name, 'q', 255);
  name[255] = '\0';
  CHECK(mkdir("dir") && chdir("dir") && create(name, 0), "a name of 255");
  int fd = must_open(".");
  CHECK(readdir_name(fd, found, 255) == -1, "a buffer too small by one");
  CHECK(readdir_name(fd, found, 1) == -1, "a buffer for nothing");
  CHECK(readdir_name(fd, found, 256) == 255 && strcmp(found, name) == 0, "a buffer that fits");
  CHECK(readdir_name(fd, found, 256) == 0, "the end");
  CHECK(readdir_name(99, found, 256) == -1, "a bad descriptor");
  CHECK(readdir_name(must_open(name), found, 256) == -1, "a file");
}
