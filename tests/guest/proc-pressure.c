/* TEST: Four processes that need twice the pool together read all reports the whole time, and get them whole; there are
         more open at once than the pool has frames.
   POOL: 64
   SWAP: 8 */
#include <path.h>
#include <report.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/guest/lib/memory.h"

#define READERS 4
#define PAGES   32
#define ROUNDS  6
#define OPEN    100

/* Reads all reports of DIR, and checks that each ends with a line end; how many there were. */
static unsigned read_all(const char *dir) {
  char name[NAME_MAX + 1], path[300];
  unsigned count = 0;
  int fd = must_open(dir);
  while (readdir_name(fd, name, sizeof name) > 0) {
    if (strcmp(name, "exe") == 0 || strcmp(name, "cmdline") == 0 || strcmp(name, "wchan") == 0)
      continue;
    snprintf(path, sizeof path, "%s/%s", dir, name);
    int report = open(path);
    bool is_dir = report >= 0 && isdir(report);
    close(report);
    char *text = report >= 0 && !is_dir ? report_read(path) : NULL;
    if (text == NULL) continue; /* A directory, or of one that has ended. */
    size_t length = strlen(text);
    CHECK(length > 0 ? text[length - 1] == '\n' : strcmp(dir, "/proc/self") != 0, "%s", path);
    free(text);
    count++;
  }
  close(fd);
  return count;
}

/* Reads, and has its own pages all the time. */
static int read_under_pressure(char *memory) {
  for (unsigned round = 0; round < ROUNDS; round++) {
    fill_pages(memory, PAGES, round);
    CHECK_IS(read_all("/proc"), 5);
    CHECK_IS(read_all("/proc/self"), 4);
    check_pages(memory, PAGES, round);
  }
  return 7;
}

/* More reports than frames, all still whole. */
static void check_many(void) {
  char text[1024];
  int fds[OPEN];
  for (unsigned i = 0; i < OPEN; i++)
    fds[i] = must_open(i % 2 ? "/proc/vmstat" : "/proc/self/maps");
  for (unsigned i = 0; i < OPEN; i++) {
    int size = filesize(fds[i]);
    CHECK(size > 0 && read(fds[i], text, sizeof text) == size && text[size - 1] == '\n', "one");
    close(fds[i]);
  }
}

/* Starts them all. */
void test_main(void) {
  pid_t readers[READERS];
  char *memory = map_anonymous(PAGES);
  check_many();
  for (unsigned i = 0; i < READERS; i++) readers[i] = start_child(read_under_pressure, memory);
  for (unsigned i = 0; i < READERS; i++) CHECK_IS(wait(readers[i]), 7);
}
