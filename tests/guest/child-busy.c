/* child-busy MS: writes to its own executable, which must not work, sleeps, and ends with what the
   write gave. */
#include <stdlib.h>
#include <syscall.h>

/* Tries before it sleeps. */
int main(int argc, char *argv[]) {
  int fd = open(argv[0]);
  if (fd < 0) return 99;
  int bytes = write(fd, "x", 1);
  sleep_ms(argc > 1 ? (unsigned)atoi(argv[1]) : 0);
  return bytes;
}
