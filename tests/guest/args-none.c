/* TEST: A program without arguments gets argc 1, its name as argv[0], and a null argv[1]. */
#include <string.h>
#include "tests/guest/lib/test.h"

/* Looks at them. */
void test_main(void) {
  CHECK(test_argc == 1, "argc is %d", test_argc);
  CHECK(strcmp(test_argv[0], "args-none") == 0, "argv[0] is '%s'", test_argv[0]);
  CHECK(test_argv[1] == NULL, "argv[1] must be null");
}
