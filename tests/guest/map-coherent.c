/* TEST: read and write see what mappings wrote, and mappings see what write wrote, at once.
   POOL: 48 */
#include <string.h>
#include "tests/guest/lib/memory.h"

#define SIZE (10 * PAGE + 50)

static char buffer[2 * PAGE];

/* Two mappings of one file and a descriptor. */
void test_main(void) {
  make_file("file", SIZE, 1);
  int fd = must_open("file");
  CHECK(mmap(fd, PLACE) != MAP_FAILED && mmap(fd, PLACE2) != MAP_FAILED, "mmap twice");
  for (unsigned offset = 0; offset + sizeof buffer <= SIZE; offset += 3001) {
    pattern_fill(PLACE + offset, 3001, offset, 2);
    seek(fd, offset);
    CHECK_IS(read(fd, buffer, 3001), 3001);
    CHECK(pattern_is(buffer, 3001, offset, 2), "read at %u must see the mapping", offset);
    CHECK(pattern_is(PLACE2 + offset, 3001, offset, 2), "the other mapping at %u", offset);
    pattern_fill(buffer, 2500, offset, 3);
    seek(fd, offset);
    CHECK_IS(write(fd, buffer, 2500), 2500);
    CHECK(pattern_is(PLACE + offset, 2500, offset, 3), "the mapping must see write at %u", offset);
    CHECK(pattern_is(PLACE2 + offset, 2500, offset, 3), "so must the other at %u", offset);
  }
  seek(fd, SIZE);
  CHECK_IS(write(fd, "more", 4), 4);
  CHECK(memcmp(PLACE + SIZE, "more", 4) == 0, "the last page must see what the file grew by");
  push_out();
  CHECK(memcmp(PLACE2 + SIZE, "more", 4) == 0, "also when it comes back");
}
