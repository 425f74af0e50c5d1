/* TEST: A process that ends while its reports are open or its directory is a working directory leaves them as they were;
         they cannot be made anew, nor opened; of one that is only waited for there is what its parent may know.
   POOL: 64 */
#include <report.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/guest/lib/memory.h"

static char path[64];

/* The path of report NAME of process PID. */
static const char *path_of(pid_t pid, const char *name) {
  snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
  return path;
}

/* Sleeps until it is ended. */
static int sleep_long(char *unused) {
  (void)unused;
  sleep_ms(1000000);
  return 0;
}

/* Waits until process PID is in STATE, which its status tells; the status, for free(). */
static char *await_state(pid_t pid, const char *state) {
  for (;;) {
    char *text = report_read(path_of(pid, "status"));
    CHECK(text != NULL, "its status is there");
    if (strstr(text, state) != NULL) return text;
    free(text);
    sleep_ms(10);
  }
}

/* Process PID has ended, and nobody has waited for it. */
static void check_zombie(pid_t pid) {
  char byte;
  char *status = await_state(pid, "(zombie)");
  CHECK(strstr(status, "VmRSS") == NULL && strstr(status, "Name:\tproc-ended") != NULL, "%s",
        status);
  free(status);
  CHECK(open(path_of(pid, "exe")) == -1, "it runs no program");
  close(must_open(path_of(pid, "stat")));
  int empty = must_open(path_of(pid, "maps"));
  CHECK_IS(filesize(empty), 0);
  CHECK_IS(read(empty, &byte, 1), 0);
  close(empty);
}

/* Opens everything of a child, and ends it. */
void test_main(void) {
  pid_t pid = start_child(sleep_long, NULL);
  free(await_state(pid, "(sleeping)"));
  int maps = must_open(path_of(pid, "maps")), status = must_open(path_of(pid, "status"));
  int dir = must_open(path_of(pid, "")), exe = must_open(path_of(pid, "exe"));
  int size = filesize(maps);
  char text[4096], name[READDIR_MAX_LEN + 1];
  CHECK(chdir(path_of(pid, "")) && size > 0, "its directory");
  CHECK_IS(kill(pid), 0);
  check_zombie(pid);
  CHECK_IS(wait(pid), -1);
  CHECK(open(path_of(pid, "status")) == -1 && open("status") == -1 && open(".") == -1, "gone");
  close(must_open("../meminfo"));
  CHECK(!chdir(path_of(pid, "")) && chdir(".."), "not there any more");
  CHECK_IS(filesize(maps), size);
  CHECK_IS(read(maps, text, sizeof text), size);
  seek(maps, 0); /* Cannot be made anew: all is as it was. */
  CHECK_IS(tell(maps), size);
  CHECK_IS(read(maps, text, sizeof text), 0);
  text[read(status, text, sizeof text - 1)] = '\0';
  CHECK(strstr(text, "(sleeping)") != NULL, "as it was: %s", text);
  CHECK(readdir(dir, name) && isdir(dir) && filesize(exe) > 0, "the directory and the program");
  close(maps);
  close(exe);
}
