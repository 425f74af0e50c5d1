/* TEST: sbrk moves the end of the heap byte by byte, up and down, from right after the bss; new
         bytes are zero and keep what is written to them. */
#include "tests/guest/lib/memory.h"

extern char _end[];

/* Steps of odd sizes. */
void test_main(void) {
  char *start = sbrk(0);
  CHECK(start >= _end && start < _end + 16, "the heap starts at %p, the bss ends at %p",
        (void *)start, (void *)_end);
  CHECK_IS(sbrk(1), start);
  CHECK_IS(sbrk(0), start + 1);
  *start = 'a';
  CHECK_IS(sbrk(-1), start + 1);
  unsigned size = 0;
  for (unsigned step = 1; step < 3000; step = step * 3 / 2 + 1) {
    CHECK_IS(sbrk((intptr_t)step), start + size);
    CHECK(memory_is_zero(start + size, step), "%u new bytes must be zero", step);
    pattern_fill(start + size, step, size, 1);
    size += step;
  }
  CHECK(pattern_is(start, size, 0, 1), "all bytes");
  for (unsigned step = 1; step < size / 2; step = step * 2 + 1) {
    CHECK_IS(sbrk(-(intptr_t)step), start + size);
    size -= step;
    CHECK(pattern_is(start, size, 0, 1), "what is left after %u are gone", step);
  }
  CHECK_IS(sbrk(-(intptr_t)size), start + size);
  CHECK_IS(sbrk(0), start);
}
