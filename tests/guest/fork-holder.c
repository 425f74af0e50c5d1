/* HELPER: forks a child that waits until the byte of the file "flag" is 1 and makes it 2, and ends
   with 6 before it. */
#include "tests/guest/lib/memory.h"

/* The child maps the file itself. */
int main(void) {
  test_name = "fork-holder";
  pid_t pid = fork();
  if (pid == PID_ERROR) return 1;
  if (pid > 0) return 6;
  map_file("flag", PLACE);
  volatile char *flag = PLACE;
  while (*flag != 1) yield();
  *flag = 2;
  return 0;
}
