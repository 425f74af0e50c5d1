/* TEST: The library reads characters, lines and numbers from the keyboard and from files, each from where the
         last stopped, and cuts lines that are too long.
   STDIN: ab\n12 -7\nnope\n 99 \n2147483648\n-2147483648\n5 word 0x1f rest\nabcdefgh\nlast\n
   ALLOW: .* */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/guest/lib/test.h"

/* The keyboard. */
static void check_keyboard(void) {
  char line[6], word[10];
  int number = 0, hex = 0;
  CHECK(getchar() == 'a' && ungetchar('x') == 'x' && getchar() == 'x', "one character");
  CHECK(readline(line, sizeof line) == 1 && strcmp(line, "b") == 0, "the rest of the first line");
  CHECK(read_int(&number) == 0 && read_int(&number) == 0, "lines that are no number");
  CHECK(read_int(&number) == 1 && number == 99, "99 between blanks");
  CHECK(read_int(&number) == 0 && number == 99, "too large");
  CHECK(read_int(&number) == 1 && number == INT_MIN, "the smallest");
  CHECK(scanf("%d %9s%x", &number, word, &hex) == 3, "three conversions");
  CHECK(number == 5 && strcmp(word, "word") == 0 && hex == 0x1f, "what they are");
  CHECK(readline(line, sizeof line) == 5 && strcmp(line, " rest") == 0, "what scanf left: '%s'",
        line);
  CHECK(readline(line, sizeof line) == 5 && strcmp(line, "abcde") == 0, "a long line");
  CHECK(readline(line, sizeof line) == 4 && strcmp(line, "last") == 0, "the last line");
  CHECK(scanf("%d", &number) == EOF, "the end");
}

/* A file. */
static void check_file_lines(void) {
  static const char text[] = "one\n\nthree and more\r\nend";
  char line[10];
  CHECK(create("lines", 0), "create");
  int fd = must_open("lines");
  CHECK(write(fd, text, sizeof text - 1) == sizeof text - 1, "write");
  seek(fd, 0);
  CHECK(hreadline(fd, line, sizeof line) == 3 && strcmp(line, "one") == 0, "one");
  CHECK(hreadline(fd, line, sizeof line) == 0 && line[0] == '\0', "an empty line");
  CHECK(hreadline(fd, line, sizeof line) == 9 && strcmp(line, "three and") == 0, "a long line");
  CHECK(tell(fd) == sizeof text - 1 - 3, "where it stands: %u", tell(fd));
  CHECK(hreadline(fd, line, sizeof line) == 3 && strcmp(line, "end") == 0, "the last");
  CHECK(hreadline(fd, line, sizeof line) == EOF && hreadline(99, line, sizeof line) == EOF,
        "the end");
}

void test_main(void) {
  check_keyboard();
  check_file_lines();
  CHECK(strtol("99999999999", NULL, 10) == LONG_MAX, "a long is 32 bits here");
}
