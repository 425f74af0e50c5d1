/* TEST: A carriage return, a newline, and the two together each end one line, wherever a read stops.
   STDIN: one\r\ntwo\r\r\nthree\n\n\r\nfour\r\n\nfive\n
   ALLOW: one|two|three|four|five */
#include <string.h>
#include "tests/guest/lib/test.h"

/* Reads a line of at most SIZE - 1 bytes into LINE, PIECE bytes at once. */
static void read_line(char *line, unsigned size, unsigned piece) {
  unsigned used = 0;
  do {
    int bytes = read(0, line + used, piece);
    CHECK(bytes > 0 && used + piece < size, "read gave %d", bytes);
    used += (unsigned)bytes;
  } while (line[used - 1] != '\n');
  line[used - 1] = '\0';
}

void test_main(void) {
  static const char *const lines[] = {"one", "two", "", "three", "", "", "four", "", "five"};
  char line[80];
  for (unsigned i = 0; i < sizeof lines / sizeof *lines; i++) {
    read_line(line, sizeof line, 1 + i % 3 * 20);
    CHECK(strcmp(line, lines[i]) == 0, "line %u is '%s', not '%s'", i, line, lines[i]);
  }
}
