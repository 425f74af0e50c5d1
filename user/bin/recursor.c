/* recursor STRING DEPTH WAIT: runs itself DEPTH times, one inside the other; each waits for its
   child unless WAIT is 0. */
#include <stdio.h>
#include <stdlib.h>
#include <syscall.h>

/* Says what it was given, starts the next one, and passes its status on. */
int main(int argc, char *argv[]) {
  char command_line[128];
  int status = 0;
  if (argc != 4) {
    printf("usage: recursor STRING DEPTH WAIT\n");
    return EXIT_FAILURE;
  }
  int depth = atoi(argv[2]);
  printf("%s %d %s\n", argv[1], depth, argv[3]);
  if (depth > 0) {
    snprintf(command_line, sizeof command_line, "recursor %s %d %s", argv[1], depth - 1, argv[3]);
    pid_t child = exec(command_line);
    if (child == PID_ERROR) {
      printf("%s %d: cannot start the next\n", argv[1], depth);
      status = EXIT_FAILURE;
    } else if (atoi(argv[3]) != 0) {
      status = wait(child);
    }
  }
  printf("%s %d: dying, retval=%d\n", argv[1], depth, status);
  return status;
}
