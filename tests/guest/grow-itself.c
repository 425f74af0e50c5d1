/* TEST: write() from a mapping of the very file, and read() into one, move pieces that end where pages of the
         file end, one after the other, each taken as it was before any of it is stored; wherever pages are.
   POOL: 32
   DISK: 2 */
#include <string.h>
#include "tests/guest/lib/memory.h"

#define SIZE (4 * PAGE)

/* COUNT bytes from FROM to TO. */
static const struct move {
  unsigned from, to, count;
} moves[] = {
    {0, 100, 3000},
    {100, 0, 3000},
    {0, 1, 4000},
    {50, 2 * PAGE + 60, 2 * PAGE - 100},
    {0, PAGE, 2 * PAGE},
    {0, 10, 3 * PAGE},
    {10, 0, 3 * PAGE},
    {PAGE - 1, PAGE + 1, PAGE + 300},
    {0, 0, SIZE},
    {0, PAGE + 7, 3 * PAGE}, /* The file grows. */
    {2 * PAGE, 3 * PAGE, 2000},
    {0, 3 * PAGE + 500, PAGE + 200},
};

enum place { IN, OUT, SOME, PLACES };

static char want[2 * SIZE], got[2 * SIZE];

/* What MOVE must make of `want': its pieces end where pages of the file end, at the side of the file. */
static void expect(const struct move *move, bool is_read) {
  unsigned side = is_read ? move->from : move->to;
  for (unsigned done = 0, piece; done < move->count; done += piece) {
    piece = PAGE - (side + done) % PAGE;
    if (piece > move->count - done) piece = move->count - done;
    memmove(want + move->to + done, want + move->from + done, piece);
  }
}

/* Puts the pages of the mapping where PLACE says. */
static void put(enum place place) {
  if (place != IN) push_out();
  for (unsigned i = 0; i < 4; i++)
    if (place == IN || (place == SOME && i % 2 == 1)) PLACE[i * PAGE] = PLACE[i * PAGE];
}

/* MOVE by write(), or by read(), with pages in PLACE. */
static void try(const struct move *move, bool is_read, enum place place) {
  unsigned end = move->to + move->count, length = end > SIZE ? end : SIZE;
  if (is_read && end > SIZE) return;
  make_file("file", SIZE, 1);
  int fd = must_open("file");
  memset(want, 0, sizeof want);
  CHECK_IS(read(fd, want, SIZE), SIZE);
  expect(move, is_read);
  int id = mmap(fd, PLACE);
  CHECK(id != MAP_FAILED, "mmap");
  put(place);
  seek(fd, is_read ? move->from : move->to);
  CHECK_IS(is_read ? read(fd, PLACE + move->to, move->count)
                   : write(fd, PLACE + move->from, move->count),
           move->count);
  munmap(id);
  seek(fd, 0);
  CHECK_IS(read(fd, got, sizeof got), length);
  for (unsigned i = 0; i < length; i++)
    CHECK(got[i] == want[i], "%s, %u to %u, %u bytes, pages %d: byte %u is %d, should be %d",
          is_read ? "read" : "write", move->from, move->to, move->count, place, i, got[i], want[i]);
  close(fd);
  CHECK(remove("file"), "remove");
}

void test_main(void) {
  for (unsigned i = 0; i < sizeof moves / sizeof *moves; i++)
    for (enum place place = IN; place < PLACES; place++) {
      try(&moves[i], false, place);
      try(&moves[i], true, place);
    }
}
