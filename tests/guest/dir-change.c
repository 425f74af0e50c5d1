/* TEST: chdir moves the working directory, from which relative names count; where it fails it moves
         nothing. */
#include "tests/guest/lib/test.h"

/* Down, up, and nowhere. */
void test_main(void) {
  CHECK(mkdir("a") && mkdir("a/b"), "directories");
  CHECK(create("a/b/deep", 1) && create("top", 2), "files");
  CHECK(chdir("a") && filesize(must_open("b/deep")) == 1, "down");
  CHECK(open("top") == -1 && filesize(must_open("../top")) == 2, "names count from there");
  CHECK(chdir("b") && filesize(must_open("deep")) == 1, "further down");
  CHECK(!chdir("no-such") && !chdir("deep") && !chdir(""), "what is no directory");
  CHECK(filesize(must_open("deep")) == 1, "still there");
  CHECK(chdir("..") && chdir("./b/../..") && filesize(must_open("top")) == 2, "up");
  CHECK(chdir("..") && filesize(must_open("top")) == 2, "the root is its own parent");
  CHECK(chdir("/a/b") && chdir("/") && filesize(must_open("//a///b//deep")) == 1, "slashes");
}
