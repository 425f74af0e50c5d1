/* TEST: process_info() with a pointer that is null, unmapped, in the kernel, not all valid, or read-only kills the caller with -1.
   PUT: child-pointer */
#include "tests/guest/lib/pointers.h"
#include "tests/guest/lib/test.h"

/* One child for each kind. */
void test_main(void) {
  check_pointers("process_info", target_pointers);
}
