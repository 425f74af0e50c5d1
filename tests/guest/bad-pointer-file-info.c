/* TEST: file_info() with a buffer that is null, unmapped, in the kernel, not all valid, or read-only kills the caller
         with -1; so does a path that is not in valid memory.
   PUT: child-pointer */
#include "tests/guest/lib/pointers.h"
#include "tests/guest/lib/test.h"

/* One child for each kind; a null path is none. */
void test_main(void) {
  check_pointers("file_info", target_pointers);
  check_pointers("file_info-path", string_pointers + 1);
}
