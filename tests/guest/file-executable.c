/* TEST: Writing to the executable of a running program writes 0 bytes, to its own and to others';
         once nobody runs it, it can be written.
   PUT: child-busy
   OUTPUT: ^child-busy: exit\(0\)$ */
#include "tests/guest/lib/test.h"

/* Before, while, and after. */
void test_main(void) {
  char byte;
  int own = must_open("file-executable"), other = must_open("child-busy");
  CHECK(write(own, "x", 1) == 0, "its own");
  CHECK(read(other, &byte, 1) == 1 && write(other, "E", 1) == 1, "a program that does not run");
  pid_t pid = spawn("child-busy 200");
  seek(other, 1);
  CHECK(write(other, "x", 1) == 0, "a program that runs");
  CHECK(read(other, &byte, 1) == 1 && byte == 'E', "it is as it was");
  pid_t second = spawn("child-busy 400");
  CHECK(wait(pid) == 0, "nor can it write to itself");
  seek(other, 1);
  CHECK(write(other, "x", 1) == 0, "another still runs");
  CHECK(wait(second) == 0, "the other ended");
  CHECK(write(other, "E", 1) == 1, "now it can be written");
}
