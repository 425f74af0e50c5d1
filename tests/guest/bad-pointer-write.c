/* TEST: write() with a pointer that is null, unmapped, in the kernel, or runs into unmapped memory or the kernel kills the caller with -1.
   PUT: child-pointer */
#include "tests/guest/lib/pointers.h"
#include "tests/guest/lib/test.h"

/* One child for each kind. */
void test_main(void) {
  check_pointers("write", source_pointers);
}
