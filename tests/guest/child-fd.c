/* child-fd FD: ends with 0 if descriptor FD is not open here. */
#include <stdlib.h>
#include <syscall.h>

/* Tries all that needs an open file. */
int main(int argc, char *argv[]) {
  char byte;
  int fd = argc > 1 ? atoi(argv[1]) : -1;
  seek(fd, 0);
  close(fd);
  return read(fd, &byte, 1) == -1 && write(fd, &byte, 1) == -1 && !isdir(fd) ? 0 : 1;
}
