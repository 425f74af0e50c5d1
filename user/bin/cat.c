/* cat FILE...: prints files. */
#include <stdio.h>
#include <syscall.h>

/* Copies the file NAME to the console. */
static bool print_file(const char *name) {
  char buffer[1024];
  int fd = open(name);
  if (fd < 0) {
    printf("%s: open failed\n", name);
    return false;
  }
  int bytes;
  while ((bytes = read(fd, buffer, sizeof buffer)) > 0) write(STDOUT_FILENO, buffer, bytes);
  if (bytes < 0) printf("%s: read failed\n", name);
  close(fd);
  return bytes == 0;
}

/* Prints every file that can be opened; fails if one could not. */
int main(int argc, char *argv[]) {
  bool success = true;
  for (int i = 1; i < argc; i++)
    if (!print_file(argv[i])) success = false;
  return success ? EXIT_SUCCESS : EXIT_FAILURE;
}
