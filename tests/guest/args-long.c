/* TEST: A command line of 4095 bytes works; a longer one makes exec fail with -1.
   PUT: child-exit
   ALLOW: load: .* */
#include <string.h>
#include "tests/guest/lib/test.h"

#define LIMIT 4095

static char line[3 * LIMIT];

/* A status, then spaces or a word as long as it takes. */
void test_main(void) {
  const char *start = "child-exit 5 0 ";
  memset(line, 'x', sizeof line - 1);
  memcpy(line, start, strlen(start));
  line[LIMIT] = '\0';
  CHECK(wait(exec(line)) == 5, "%d bytes", LIMIT);
  line[LIMIT] = 'x';
  line[LIMIT + 1] = '\0';
  CHECK(exec(line) == PID_ERROR, "%d bytes", LIMIT + 1);
  line[LIMIT + 1] = 'x';
  CHECK(exec(line) == PID_ERROR, "%d bytes", (int)sizeof line - 1);
}
