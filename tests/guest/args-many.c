/* TEST: Hundreds of arguments, more than a page of stack, arrive whole, in a pool of 32 frames.
   PUT: child-count
   POOL: 32 */
#include <stdio.h>
#include <string.h>
#include "tests/guest/lib/test.h"

#define WORDS 900

static char line[4096];

/* The child compares each with its number. */
void test_main(void) {
  size_t used = (size_t)snprintf(line, sizeof line, "child-count");
  for (int i = 1; i < WORDS; i++)
    used += (size_t)snprintf(line + used, sizeof line - used, " %d", i);
  CHECK(used < sizeof line, "the line must be shorter than 4096 bytes");
  int status = wait(exec(line));
  CHECK(status == WORDS % 256, "the child saw all words: %d", status);
}
