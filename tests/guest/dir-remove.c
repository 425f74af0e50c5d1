/* TEST: remove takes empty directories; not those with entries, the root, or one that is open or
         somebody's working directory. */
#include "tests/guest/lib/test.h"

/* Tries each. */
void test_main(void) {
  CHECK(mkdir("a") && mkdir("a/b") && create("a/b/file", 0), "make");
  CHECK(!remove("a") && !remove("a/b"), "directories with entries");
  CHECK(remove("a/b/file") && remove("a/b"), "an empty one");
  CHECK(open("a/b") == -1 && !chdir("a/b") && !create("a/b/x", 0), "it is gone");
  CHECK(!remove("/"), "the root");
  int fd = must_open("a");
  CHECK(!remove("a"), "an open one");
  close(fd);
  CHECK(mkdir("a/c") && chdir("a/c"), "work there");
  CHECK(!remove("/a/c") && !remove("../../a/c") && !remove(".") && !remove("../c"), "one's own");
  CHECK(chdir("/") && remove("a/c") && remove("a") && open("a") == -1, "afterwards");
  CHECK(mkdir("a") && !isdir(open("a/b")), "the name can be used again");
}
