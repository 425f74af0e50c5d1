/* TEST: mcat prints a file by mapping it, mcp copies one, in a pool of 24 frames.
   PUT: mcat mcp cmp
   POOL: 24
   OUTPUT: ^text of the file$
   ALLOW: .*(identical|usage|failed).* */
#include <string.h>
#include "tests/guest/lib/memory.h"

/* A short file and one larger than the pool. */
void test_main(void) {
  const char *text = "text of the file\n";
  CHECK(create("text", 0), "create");
  int fd = must_open("text");
  CHECK_IS(write(fd, text, strlen(text)), strlen(text));
  CHECK_IS(run("mcat text"), 0);
  make_file("large", 200 * 1024 + 3, 1);
  CHECK_IS(run("mcp large copy"), 0);
  CHECK_IS(run("cmp large copy"), 0);
  check_file("copy", 200 * 1024 + 3, 1);
  CHECK_IS(run("mcp large copy"), 1);
  CHECK_IS(run("mcp no-such other"), 1);
  CHECK_IS(run("mcat no-such"), 1);
}
