/* TEST: setrlimit limits the heap; a limit below what is in use takes nothing away. */
#include "tests/guest/lib/memory.h"

/* Grows to the limit to the byte. */
void test_main(void) {
  uint32_t limit;
  CHECK_IS(getrlimit(LIMIT_HEAP, &limit), VM_OK);
  CHECK(limit >= 1 << 20, "the limit is %u at first", (unsigned)limit);
  char *start = sbrk(0);
  CHECK_IS(setrlimit(LIMIT_HEAP, 10000), VM_OK);
  CHECK_IS(getrlimit(LIMIT_HEAP, &limit), VM_OK);
  CHECK_IS(limit, 10000);
  CHECK_IS(sbrk(10001), -1);
  CHECK_IS(sbrk(10000), start);
  CHECK_IS(sbrk(1), -1);
  pattern_fill(start, 10000, 0, 1);
  CHECK_IS(setrlimit(LIMIT_HEAP, 5000), VM_OK);
  CHECK(pattern_is(start, 10000, 0, 1), "nothing may be taken away");
  CHECK_IS(sbrk(1), -1);
  CHECK_IS(sbrk(-6000), start + 10000);
  CHECK_IS(sbrk(1001), -1);
  CHECK_IS(sbrk(1000), start + 4000);
  CHECK_IS(setrlimit(LIMIT_HEAP, limit * 2), VM_OK);
  CHECK_IS(sbrk(15000), start + 5000);
}
