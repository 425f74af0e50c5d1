/* TEST: write() to the console and read() from the keyboard with a bad pointer kill the caller with
         -1 before anything is printed or waited for.
   PUT: child-pointer
   ABSENT: ^a+$ */
#include "tests/guest/lib/pointers.h"
#include "tests/guest/lib/test.h"

/* One child for each kind. */
void test_main(void) {
  check_pointers("write-console", source_pointers);
  check_pointers("read-keyboard", target_pointers);
}
