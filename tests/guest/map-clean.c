/* TEST: munmap writes back the pages that were written to and no others, and swap is never used.
   POOL: 64 */
#include "tests/guest/lib/memory.h"

#define PAGES 20

/* Pages written to the file system since boot. */
static unsigned writes(void) {
  return figures_all().file_writes;
}

/* Reads all, then writes three. */
void test_main(void) {
  make_file("file", PAGES * PAGE, 1);
  int fd = must_open("file");
  CHECK_IS(fsync(fd), VM_OK);
  unsigned before = writes();
  int id = mmap(fd, PLACE);
  CHECK(pattern_is(PLACE, PAGES * PAGE, 0, 1), "content");
  munmap(id);
  CHECK(writes() == before, "%u pages written, but none was changed", writes() - before);
  id = mmap(fd, PLACE);
  CHECK(pattern_is(PLACE, PAGES * PAGE, 0, 1), "content");
  PLACE[0] = PLACE[7 * PAGE] = PLACE[19 * PAGE + 4095] = 'x';
  munmap(id);
  CHECK(writes() == before + 3, "%u pages written, but 3 were changed", writes() - before);
  CHECK(figures_all().swap_writes == 0, "nothing may go to swap");
  char byte;
  seek(fd, 7 * PAGE);
  CHECK(read(fd, &byte, 1) == 1 && byte == 'x', "what was written must be there");
}
