/* ls [-l] [DIRECTORY...]: lists directories, the working directory if none is named. */
#include <path.h>
#include <stdio.h>
#include <string.h>
#include <syscall.h>

/* Prints what -l tells of the entry NAME of directory DIRECTORY. */
static void describe(const char *directory, const char *name) {
  char path[2 * NAME_MAX + 2];
  snprintf(path, sizeof path, "%s/%s", directory, name);
  int fd = open(path);
  if (fd < 0)
    printf("%s: open failed\n", name);
  else if (isdir(fd))
    printf("%s: directory, inumber %d\n", name, inumber(fd));
  else
    printf("%s: %d-byte file, inumber %d\n", name, filesize(fd), inumber(fd));
  if (fd >= 0) close(fd);
}

/* Lists the directory or file PATH. */
static bool list(const char *path, bool verbose) {
  char name[NAME_MAX + 1];
  int fd = open(path);
  if (fd < 0) {
    printf("%s: not found\n", path);
    return false;
  }
  if (isdir(fd)) {
    printf("%s", path);
    if (verbose) printf(" (inumber %d)", inumber(fd));
    printf(":\n");
    while (readdir_name(fd, name, sizeof name) > 0) {
      if (verbose)
        describe(path, name);
      else
        puts(name);
    }
  } else {
    describe(".", path);
  }
  close(fd);
  return true;
}

/* Lists each argument. */
int main(int argc, char *argv[]) {
  bool success = true;
  bool verbose = argc > 1 && strcmp(argv[1], "-l") == 0;
  int first = verbose ? 2 : 1;
  if (first >= argc) success = list(".", verbose);
  for (int i = first; i < argc; i++)
    if (!list(argv[i], verbose)) success = false;
  return success ? EXIT_SUCCESS : EXIT_FAILURE;
}
