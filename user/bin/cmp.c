/* cmp A B: compares two files. */
#include <stdio.h>
#include <syscall.h>

/* Opens NAME; ends the program if that fails. */
static int open_or_exit(const char *name) {
  int fd = open(name);
  if (fd >= 0) return fd;
  printf("%s: open failed\n", name);
  exit(EXIT_FAILURE);
}

/* Reads SIZE bytes or up to the end of the file; how many. */
static int read_fully(int fd, char *buffer, int size) {
  int done = 0, bytes;
  while (done < size && (bytes = read(fd, buffer + done, size - done)) > 0) done += bytes;
  return done;
}

/* Says where the files first differ. */
int main(int argc, char *argv[]) {
  static char buffer[2][1024];
  if (argc != 3) {
    printf("usage: cmp A B\n");
    return EXIT_FAILURE;
  }
  int fds[2] = {open_or_exit(argv[1]), open_or_exit(argv[2])};
  for (int pos = 0;; pos += sizeof buffer[0]) {
    int bytes[2];
    for (int i = 0; i < 2; i++) bytes[i] = read_fully(fds[i], buffer[i], sizeof buffer[i]);
    int common = bytes[0] < bytes[1] ? bytes[0] : bytes[1];
    for (int i = 0; i < common; i++)
      if (buffer[0][i] != buffer[1][i]) {
        printf("Byte %d is %02hhx ('%c') in %s but %02hhx ('%c') in %s\n", pos + i, buffer[0][i],
               buffer[0][i], argv[1], buffer[1][i], buffer[1][i], argv[2]);
        return EXIT_FAILURE;
      }
    if (bytes[0] != bytes[1]) {
      printf("%s is shorter than %s\n", argv[bytes[0] < bytes[1] ? 1 : 2],
             argv[bytes[0] < bytes[1] ? 2 : 1]);
      return EXIT_FAILURE;
    }
    if (common == 0) break;
  }
  printf("%s and %s are identical\n", argv[1], argv[2]);
  return EXIT_SUCCESS;
}
