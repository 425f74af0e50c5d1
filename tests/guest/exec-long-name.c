/* TEST: exec of a name of more than 255 characters fails with -1; so does one of 255 that is not
         there.
   ALLOW: load: .* */
#include <string.h>
#include "tests/guest/lib/test.h"

/* Names of one letter. */
void test_main(void) {
  static const unsigned lengths[] = {15, 255, 256, 1000, 3000};
  char name[3001];
  for (unsigned i = 0; i < sizeof lengths / sizeof *lengths; i++) {
    memset(name, 'n', lengths[i]);
    name[lengths[i]] = '\0';
    CHECK(exec(name) == PID_ERROR, "a name of %u", lengths[i]);
  }
}
