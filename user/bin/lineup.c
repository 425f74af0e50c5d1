/* lineup FILE: turns the letters of a file into capitals, in place. */
#include <ctype.h>
#include <stdio.h>
#include <syscall.h>

/* Reads a piece, goes back, and writes it. */
int main(int argc, char *argv[]) {
  char buffer[1024];
  if (argc != 2) {
    printf("usage: lineup FILE\n");
    return EXIT_FAILURE;
  }
  int fd = open(argv[1]);
  if (fd < 0) {
    printf("%s: open failed\n", argv[1]);
    return EXIT_FAILURE;
  }
  int bytes;
  while ((bytes = read(fd, buffer, sizeof buffer)) > 0) {
    for (int i = 0; i < bytes; i++) buffer[i] = (char)toupper(buffer[i]);
    seek(fd, tell(fd) - bytes);
    if (write(fd, buffer, bytes) != bytes) {
      printf("%s: write failed\n", argv[1]);
      return EXIT_FAILURE;
    }
  }
  return EXIT_SUCCESS;
}
