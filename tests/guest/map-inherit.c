/* TEST: A mapping made by mmap is inherited by fork and stays shared; the child's munmap ends only
         the child's. */
#include "tests/guest/lib/memory.h"

static int id;

/* Writes, unmaps, and must not reach it any more. */
static int change_and_unmap(char *memory) {
  memory[PAGE] = 'c';
  munmap(id);
  must_die(read_byte, memory, "reading after munmap");
  return 3;
}

/* Parent and child. */
void test_main(void) {
  make_file("file", 2 * PAGE, 1);
  id = map_file("file", PLACE);
  PLACE[0] = 'p';
  CHECK_IS(run_child(change_and_unmap, PLACE), 3);
  CHECK(PLACE[0] == 'p' && PLACE[PAGE] == 'c', "both must see both writes");
  munmap(id);
  char byte;
  int fd = must_open("file");
  seek(fd, PAGE);
  CHECK(read(fd, &byte, 1) == 1 && byte == 'c', "the child's write must be in the file");
}
