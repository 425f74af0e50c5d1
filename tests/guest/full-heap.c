/* TEST: The heap grows until it is refused, shrinks by odd sizes and grows again, and reads as zeroes
         wherever it was given back; malloc() refuses what cannot be; again and again.
   ROUNDS: 100
   POOL: 64 */
#include <limits.h>
#include <stdlib.h>
#include "tests/guest/lib/full.h"

#define STEP 0x04000001

/* Grows by odd steps as far as it goes, a byte written at each; the bytes it grew by. */
static unsigned grow_all(char *start) {
  unsigned size = 0;
  for (; sbrk(STEP) != (void *)-1; size += STEP) start[size + STEP - 1] = 'h';
  CHECK_IS(sbrk(0), start + size);
  CHECK(sbrk(INT_MAX) == (void *)-1, "sbrk(INT_MAX)");
  return size;
}

/* Up and down. */
static void use_up(void) {
  char *start = sbrk(0);
  unsigned size = grow_all(start);
  CHECK(size > 0x10000000, "the heap grew by 0x%x", size);
  CHECK(malloc(0x7fffffff) == NULL && malloc(0xfffffff0) == NULL, "nothing so large can be had");
  for (unsigned at = STEP - 1; at < size; at += STEP) CHECK(start[at] == 'h', "byte 0x%x", at);
  pattern_fill(start, 3 * PAGE, 0, 1);
  CHECK_IS(sbrk(-(int)(size / 2)), start + size);
  CHECK_IS(sbrk(-(int)(size - size / 2 - PAGE - 5)), start + size - size / 2);
  CHECK(pattern_is(start, PAGE + 5, 0, 1), "what stays");
  CHECK_IS(sbrk(2 * PAGE), start + PAGE + 5);
  CHECK(memory_is_zero(start + PAGE + 5, 2 * PAGE), "what came again");
  CHECK_IS(sbrk(-(int)(3 * PAGE + 5)), start + 3 * PAGE + 5);
}

/* All. */
void test_main(void) {
  full_rounds(use_up);
}
