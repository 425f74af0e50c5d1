/* TEST: A child made by fork can exec and wait; the program that runs stays write-protected until
         parent and child have ended.
   PUT: child-exit fork-holder */
#include "tests/guest/lib/memory.h"

/* Runs a program. */
static int run_program(char *unused) {
  (void)unused;
  return run("child-exit 42 0") == 42 ? 5 : 1;
}

/* Writes a byte to the program "fork-holder": what write() gives. */
static int write_program(void) {
  int fd = must_open("fork-holder");
  char byte = 'x';
  seek(fd, 1000000);
  int written = write(fd, &byte, 1);
  close(fd);
  return written;
}

/* The holder's child outlives the holder. */
void test_main(void) {
  CHECK_IS(run_child(run_program, NULL), 5);
  CHECK(create("flag", 1), "create");
  map_file("flag", PLACE);
  volatile char *flag = PLACE;
  CHECK_IS(run("fork-holder"), 6);
  CHECK_IS(write_program(), 0);
  *flag = 1;
  while (*flag != 2) yield();
  for (int tries = 0; write_program() == 0; tries++) {
    CHECK(tries < 200, "the program must be writable when its last process is gone");
    sleep_ms(10);
  }
}
