/* TEST: sbrk fails, and changes nothing, when more would be given back than there is, or the heap
         would wrap around, reach into the kernel, meet a mapping or the room for the stack. */
#include <limits.h>
#include "tests/guest/lib/memory.h"

/* sbrk(DELTA) must fail with the heap's end at END. */
static void refuse(intptr_t delta, char *end) {
  CHECK(sbrk(delta) == (void *)-1, "sbrk(%d) must fail", (int)delta);
  CHECK_IS(sbrk(0), end);
}

/* With no heap at all, with some, and with a mapping in the way. */
void test_main(void) {
  char *start = sbrk(0);
  refuse(-1, start);
  refuse(-1000000, start);
  refuse(INT_MIN, start);
  CHECK_IS(sbrk(INT_MAX), start);
  refuse(INT_MAX, start + INT_MAX);
  refuse((USER_END - (start + INT_MAX)) - (8 << 20), start + INT_MAX);
  CHECK_IS(sbrk(-INT_MAX), start + INT_MAX);
  char *end = start + 5000;
  CHECK_IS(sbrk(5000), start);
  pattern_fill(start, 5000, 0, 1);
  refuse(-5001, end);
  refuse(INT_MIN, end);
  refuse(-(intptr_t)(uintptr_t)end, end);
  CHECK(pattern_is(start, 5000, 0, 1), "the heap must be as it was");
  char *wall = (char *)(((uintptr_t)end + 4 * PAGE) & ~(PAGE - 1));
  make_file("file", 10, 2);
  int id = map_file("file", wall);
  refuse(wall - end + 1, end);
  refuse(1 << 20, end);
  CHECK_IS(sbrk(wall - end), end);
  CHECK(memory_is_zero(end, wall - end), "all bytes up to the mapping");
  end = wall;
  refuse(1, end);
  munmap(id);
  CHECK_IS(sbrk(1), end);
}
