/* hex-dump FILE...: prints files as numbers and characters. */
#include <stdio.h>
#include <syscall.h>

/* Dumps the file NAME. */
static bool dump_file(const char *name) {
  char buffer[1024];
  int fd = open(name);
  if (fd < 0) {
    printf("%s: open failed\n", name);
    return false;
  }
  int bytes;
  unsigned pos = tell(fd);
  while ((bytes = read(fd, buffer, sizeof buffer)) > 0) {
    hex_dump(pos, buffer, bytes, true);
    pos += bytes;
  }
  close(fd);
  return bytes == 0;
}

/* Dumps each argument. */
int main(int argc, char *argv[]) {
  bool success = true;
  for (int i = 1; i < argc; i++)
    if (!dump_file(argv[i])) success = false;
  return success ? EXIT_SUCCESS : EXIT_FAILURE;
}
