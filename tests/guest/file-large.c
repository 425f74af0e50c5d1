/* TEST: A file of 5 MB, over indirect and double indirect blocks, is written and read back right,
         in a pool of 64 frames.
   POOL: 64
   DISK: 8 */
#include "tests/guest/lib/test.h"

#define CHUNK  (64 * 1024)
#define CHUNKS 80

static char buffer[CHUNK];

/* Writes, reads forwards and backwards, removes, and writes again: the room must be back. */
void test_main(void) {
  for (int round = 0; round < 2; round++) {
    CHECK(create("large", 0), "create");
    int fd = must_open("large");
    for (int i = 0; i < CHUNKS; i++) {
      pattern_fill(buffer, CHUNK, i * CHUNK, round);
      CHECK(write(fd, buffer, CHUNK) == CHUNK, "chunk %d, round %d", i, round);
    }
    CHECK(filesize(fd) == CHUNKS * CHUNK, "size");
    for (int i = CHUNKS - 1; i >= 0; i--) {
      seek(fd, i * CHUNK);
      CHECK(read(fd, buffer, CHUNK) == CHUNK, "read chunk %d", i);
      CHECK(pattern_is(buffer, CHUNK, i * CHUNK, round), "chunk %d, round %d", i, round);
    }
    close(fd);
    CHECK(remove("large"), "remove");
  }
}
