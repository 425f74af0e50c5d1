/* TEST: A path of 4095 characters works; one that is longer fails and does not kill.
   ALLOW: load: .* */
#include <string.h>
#include "tests/guest/lib/test.h"

/* "/./././.../file" of any length. */
void test_main(void) {
  static char path[6000];
  make_file("file", 10, 1);
  memset(path, '/', sizeof path);
  for (unsigned i = 1; i < 4091; i += 2) path[i] = '.';
  memcpy(path + 4091, "file", 5);
  CHECK(strlen(path) == 4095 && filesize(open(path)) == 10, "4095 characters");
  memset(path, '/', 5000);
  memcpy(path + 5000, "file", 5);
  CHECK(open(path) == -1 && !create(path, 0) && !remove(path), "5004 characters");
  CHECK(!mkdir(path) && !chdir(path), "directories");
  CHECK(exec(path) == PID_ERROR, "a program");
  check_file("file", 10, 1);
}
