/* TEST: A process that ends, by exit or by being killed, without munmap leaves what it wrote to a
         mapping in the file.
   PUT: mcp */
#include "tests/guest/lib/memory.h"

#define SIZE (4 * PAGE + 17)

/* Writes the whole file and exits. */
static int write_and_exit(char *name) {
  map_file(name, PLACE);
  pattern_fill(PLACE, SIZE, 0, 2);
  return 7;
}

/* Writes the whole file and dies. */
static int write_and_die(char *name) {
  write_and_exit(name);
  return *(volatile char *)NULL;
}

/* Both, and a program of its own. */
void test_main(void) {
  make_file("one", SIZE, 1);
  make_file("two", SIZE, 1);
  CHECK_IS(run_child(write_and_exit, "one"), 7);
  check_file("one", SIZE, 2);
  must_die(write_and_die, "two", "a null pointer");
  check_file("two", SIZE, 2);
  CHECK_IS(run("mcp two three"), 0);
  check_file("three", SIZE, 2);
}
