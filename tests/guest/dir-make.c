/* TEST: mkdir makes empty directories; of a name that is there, empty, or in what is no directory,
         it gives false. */
#include "tests/guest/lib/test.h"

/* Tries each. */
void test_main(void) {
  CHECK(mkdir("a") && mkdir("a/b") && mkdir("/a/b/c") && mkdir("a/b/d/"), "mkdir");
  CHECK(!mkdir("a") && !mkdir("/a/b"), "names of directories that are there");
  CHECK(create("a/file", 0) && !mkdir("a/file"), "a name of a file");
  CHECK(!mkdir("") && !mkdir("/") && !mkdir(".") && !mkdir(".."), "no name");
  CHECK(!mkdir("a/file/x") && !mkdir("no/x"), "in what is no directory");
  CHECK(isdir(must_open("a/b/c")) && isdir(must_open("a/b/d")), "they are directories");
  CHECK(!isdir(must_open("a/file")), "a file is none");
  CHECK(isdir(must_open("/")) && isdir(must_open("a/.")) && isdir(must_open("a/..")), "dots");
}
