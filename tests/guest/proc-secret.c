/* TEST: What is in a process's memory, files and arguments stands in none of its reports, nor in the system's.
   POOL: 64
   PUT: child-secret */
#include <path.h>
#include <report.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/guest/lib/memory.h"
#include "tests/guest/lib/secret.h"

/* Looks for the secret in what is open as FD, up to PATH, which has any bytes at all. */
static void check_open(const char *path, int fd) {
  char bytes[2048];
  int size = filesize(fd);
  CHECK(size < (int)sizeof bytes * 4, "%s has %d bytes", path, size);
  unsigned matched = 0;
  for (int got; (got = read(fd, bytes, sizeof bytes)) > 0;)
    for (int i = 0; i < got; i++) {
      matched = bytes[i] == secret_at(matched) ? matched + 1 : bytes[i] == secret_at(0);
      CHECK(matched < SECRET_SIZE, "the secret stands in %s", path);
    }
}

/* Looks for it in all reports of directory DIR. */
static void check_directory(const char *dir) {
  char name[NAME_MAX + 1], path[300];
  int fd = must_open(dir);
  while (readdir_name(fd, name, sizeof name) > 0) {
    snprintf(path, sizeof path, "%s/%s", dir, name);
    int report = strcmp(name, "exe") != 0 ? open(path) : -1;
    if (report < 0) continue;
    if (!isdir(report)) check_open(path, report);
    close(report);
  }
  close(fd);
}

/* Looks while the child holds it: in its memory, in swap, in a file that it has mapped, on its stack. */
void test_main(void) {
  char dir[32];
  pid_t pid = spawn("child-secret %s", secret());
  snprintf(dir, sizeof dir, "/proc/%d", pid);
  while (open("ready") < 0) sleep_ms(10);
  for (int round = 0; round < 3; round++) {
    check_directory(dir);
    check_directory("/proc");
    push_out();
  }
  CHECK_IS(kill(pid), 0);
  CHECK_IS(wait(pid), -1);
}
