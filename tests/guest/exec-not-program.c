/* TEST: exec of a directory, an empty file, a text, or the beginning of a program fails with -1 and
         leaves nothing behind.
   PUT: child-exit
   ALLOW: load: .* */
#include "tests/guest/lib/test.h"

/* Makes NAME from the first SIZE bytes of the child. */
static void make_head(const char *name, int size) {
  char buffer[4096];
  int in = must_open("child-exit");
  CHECK(create(name, 0), "create %s", name);
  int out = must_open(name);
  for (int left = size; left > 0;) {
    int chunk = left < (int)sizeof buffer ? left : (int)sizeof buffer;
    CHECK(read(in, buffer, chunk) == chunk && write(out, buffer, chunk) == chunk, "copy");
    left -= chunk;
  }
  close(in);
  close(out);
}

/* Tries each. */
void test_main(void) {
  CHECK(exec("/") == PID_ERROR, "the root");
  CHECK(mkdir("dir") && exec("dir") == PID_ERROR, "a directory");
  CHECK(create("empty", 0) && exec("empty") == PID_ERROR, "an empty file");
  make_file("text", 5000, 1);
  CHECK(exec("text") == PID_ERROR, "a file of other things");
  make_head("head", 4);
  CHECK(exec("head") == PID_ERROR, "four bytes of a program");
  make_head("header", 52);
  CHECK(exec("header") == PID_ERROR, "the ELF header alone");
  make_head("some", 200);
  CHECK(exec("some") == PID_ERROR, "200 bytes of a program");
  CHECK(remove("some") && remove("text") && remove("empty"), "they can be removed");
}
