/* TEST: mkdir() with a pointer that is null, unmapped, in the kernel, or runs into unmapped memory kills the caller with -1.
   PUT: child-pointer */
#include "tests/guest/lib/pointers.h"
#include "tests/guest/lib/test.h"

/* One child for each kind. */
void test_main(void) {
  check_pointers("mkdir", string_pointers);
}
