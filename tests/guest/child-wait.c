/* child-wait PID: ends with 0 if wait(PID) fails, as it must for a process that is not its child. */
#include <stdlib.h>
#include <syscall.h>

/* Tries it. */
int main(int argc, char *argv[]) {
  return argc > 1 && wait(atoi(argv[1])) == -1 ? 0 : 1;
}
