/* TEST: read(0) gives what was typed, by lines, in pieces if the buffer is small.
   STDIN: hello\nsecond line\n
   ALLOW: hello|second line */
#include <string.h>
#include "tests/guest/lib/test.h"

/* Reads bytes up to a newline into LINE. */
static void read_line(char *line, unsigned size) {
  unsigned used = 0;
  while (used + 1 < size && read(0, line + used, 1) == 1 && line[used] != '\n') used++;
  line[used] = '\0';
}

/* A line by bytes, then one in large pieces. */
void test_main(void) {
  char line[80];
  CHECK(read(0, line, 0) == 0, "nothing");
  read_line(line, sizeof line);
  CHECK(strcmp(line, "hello") == 0, "the first line is '%s'", line);
  unsigned used = 0;
  do {
    int bytes = read(0, line + used, sizeof line - used);
    CHECK(bytes > 0, "read gave %d", bytes);
    used += bytes;
  } while (line[used - 1] != '\n');
  line[used - 1] = '\0';
  CHECK(strcmp(line, "second line") == 0, "the second line is '%s'", line);
}
