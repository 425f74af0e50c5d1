/* TEST: What is written to a mapping is in the file after munmap; its length stays; what was
         written beyond its end is nowhere.
   POOL: 48 */
#include <string.h>
#include "tests/guest/lib/memory.h"

#define SIZE (3 * PAGE + 1000)

/* Writes all of the mapping, then makes the file longer. */
void test_main(void) {
  make_file("file", SIZE, 1);
  int id = map_file("file", PLACE);
  pattern_fill(PLACE, SIZE, 0, 2);
  memset(PLACE + SIZE, 'x', PAGE - 1000);
  munmap(id);
  check_file("file", SIZE, 2);
  id = map_file("file", PLACE);
  CHECK(memory_is_zero(PLACE + SIZE, PAGE - 1000), "the tail must be zero again");
  memset(PLACE + SIZE, 'x', PAGE - 1000);
  munmap(id);
  push_out();
  int fd = must_open("file");
  seek(fd, SIZE + 500);
  CHECK_IS(write(fd, "end", 3), 3);
  char gap[503];
  seek(fd, SIZE);
  CHECK_IS(read(fd, gap, sizeof gap), sizeof gap);
  CHECK(memory_is_zero(gap, 500) && memcmp(gap + 500, "end", 3) == 0, "the gap must be zero");
  CHECK_IS(filesize(fd), SIZE + 503);
}
