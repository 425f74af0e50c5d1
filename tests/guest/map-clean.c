/* TEST: munmap and eviction write back the pages that were written to and no others; they never go to
         swap.
   POOL: 64
   KERNEL: -policy=clock
   STRESS: counts what leaves only when it must */
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
  push_out();
  CHECK(writes() == before, "%u pages written by eviction, none was changed", writes() - before);
  CHECK(pattern_is(PLACE, PAGES * PAGE, 0, 1), "content");
  PLACE[0] = PLACE[7 * PAGE] = PLACE[19 * PAGE + 4095] = 'x';
  munmap(id);
  CHECK(writes() == before + 3, "%u pages written, but 3 were changed", writes() - before);
  id = mmap(fd, PLACE);
  PLACE[3 * PAGE] = 'y';
  push_out();
  CHECK(count_resident(PLACE, PAGES) == 0, "all must be out");
  CHECK(writes() == before + 4, "%u pages written by eviction, 1 was changed", writes() - before);
  CHECK(figures_all().swapped <= 10, "nothing of a file may go to swap");
  munmap(id);
  CHECK(writes() == before + 4, "what eviction wrote must not be written again");
  char byte;
  seek(fd, 7 * PAGE);
  CHECK(read(fd, &byte, 1) == 1 && byte == 'x', "what was written must be there");
}
