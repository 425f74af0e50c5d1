/* child-chatter LETTER: prints lines of 300 letters, each by one write. */
#include <string.h>
#include <syscall.h>

/* Prints some, with time between. */
int main(int argc, char *argv[]) {
  char line[304];
  memset(line, argc > 1 ? argv[1][0] : 'x', sizeof line);
  line[0] = '(';
  line[301] = ')';
  line[302] = '\n';
  for (int i = 0; i < 6; i++) {
    if (write(1, line, 303) != 303) return 1;
    sleep_ms(10);
  }
  return 0;
}
