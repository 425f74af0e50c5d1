/* ls [-l] [DIRECTORY...]: lists directories, the working directory if none is named.  With -l: d or -, bytes,
   links, date and time (UTC) of the last change, name. */
#include <file_info.h>
#include <path.h>
#include <stdio.h>
#include <string.h>
#include <syscall.h>
#include <time.h>

/* Prints the line of -l for NAME, found from directory FD on (-1: the working directory): type, size,
   links, when it was changed, name. */
static void describe(int fd, const char *name) {
  struct file_info info;
  struct tm changed;
  char when[sizeof "2026-11-28 03:10:00"];
  if (file_info(fd, name, &info, sizeof info) < 0) {
    printf("?                               cannot be looked at %s\n", name);
    return;
  }
  time_t seconds = info.modify_time;
  strftime(when, sizeof when, "%F %T", gmtime_r(&seconds, &changed));
  printf("%c %10u %3u %s %s\n", info.type == FILE_TYPE_DIRECTORY ? 'd' : '-', info.size, info.links,
         when, name);
}

/* Lists the directory that is open as FD and was named PATH. */
static void list_directory(int fd, const char *path, bool verbose) {
  char name[NAME_MAX + 1];
  printf("%s", path);
  if (verbose) printf(" (inumber %d)", inumber(fd));
  printf(":\n");
  while (readdir_name(fd, name, sizeof name) > 0) {
    if (verbose)
      describe(fd, name);
    else
      puts(name);
  }
}

/* Lists the directory or file PATH. */
static bool list(const char *path, bool verbose) {
  int fd = open(path);
  if (fd < 0) {
    printf("%s: not found\n", path);
    return false;
  }
  if (isdir(fd))
    list_directory(fd, path, verbose);
  else
    describe(-1, path);
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
