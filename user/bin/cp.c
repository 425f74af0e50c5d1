/* cp OLD NEW: copies a file by read and write. */
#include <stdio.h>
#include <syscall.h>

/* Copies all of IN to OUT. */
static bool copy(int in, int out) {
  static char buffer[4096];
  int bytes;
  while ((bytes = read(in, buffer, sizeof buffer)) > 0)
    if (write(out, buffer, bytes) != bytes) return false;
  return bytes == 0;
}

/* Makes NEW, which must not be there yet. */
int main(int argc, char *argv[]) {
  if (argc != 3) {
    printf("usage: cp OLD NEW\n");
    return EXIT_FAILURE;
  }
  int in = open(argv[1]);
  if (in < 0) {
    printf("%s: open failed\n", argv[1]);
    return EXIT_FAILURE;
  }
  if (!create(argv[2], 0)) {
    printf("%s: create failed\n", argv[2]);
    return EXIT_FAILURE;
  }
  int out = open(argv[2]);
  if (out < 0) {
    printf("%s: open failed\n", argv[2]);
    return EXIT_FAILURE;
  }
  if (!copy(in, out)) {
    printf("%s: copying failed\n", argv[2]);
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
