/* slow-names WHAT: while one process waits for the disk, counts how often another opens a file, creates
   one and runs a program.  WHAT: sync (an fsync(), on a disk that is slow to flush), or open (the open()
   that is one too many, so that a file nobody uses is written and forgotten, on a disk that is slow to
   write). */
#include <stdio.h>
#include <string.h>
#include "tests/guest/lib/memory.h"

#define OTHERS 80 /* Files "0", "1" ...: more than the kernel remembers without users. */
#define HOLES                                                                                      \
  120 /* Pages of "big", every other of which is written: each is a request of its own. */

/* Shared. */
static volatile struct { bool waits; } * state;

/* Writes every other page of "big", and closes it. */
static void write_big(void) {
  static char page[PAGE];
  int fd = must_open("big");
  for (unsigned i = 0; i < HOLES; i++) {
    memset(page, (int)i + 1, PAGE);
    seek(fd, 2 * i * PAGE);
    CHECK_IS(write(fd, page, PAGE), PAGE);
  }
  close(fd);
}

/* Opens the files FIRST to LAST - 1 once each. */
static void open_others(unsigned first, unsigned last) {
  char name[8];
  for (unsigned i = first; i < last; i++) {
    snprintf(name, sizeof name, "%u", i);
    close(must_open(name));
  }
}

/* Waits for the disk, as WHAT says. */
static int wait_for_disk(char *what) {
  int fd = must_open("small");
  CHECK_IS(write(fd, "x", 1), 1);
  if (strcmp(what, "open") == 0) {
    write_big();
    open_others(0, OTHERS / 2);
  }
  state->waits = true;
  if (strcmp(what, "sync") == 0)
    CHECK_IS(fsync(fd), 0);
  else
    open_others(OTHERS / 2, OTHERS);
  state->waits = false;
  return 0;
}

/* Opens, creates, runs. */
static void use_names(unsigned number) {
  char name[16];
  snprintf(name, sizeof name, "new%u", number);
  close(must_open("cached"));
  CHECK(create(name, 0), "create %s", name);
  CHECK_IS(run("child-exit 7"), 7);
}

/* Counts while the child waits. */
int main(int argc, char *argv[]) {
  unsigned count = 0, number = 0;
  CHECK(argc == 2, "usage: slow-names WHAT");
  test_name = argv[0];
  state = (void *)map_shared(1);
  use_names(number++);
  pid_t child = start_child(wait_for_disk, argv[1]);
  while (!state->waits) sleep_ms(10);
  for (; state->waits; count++) use_names(number++);
  CHECK_IS(wait(child), 0);
  msg("%u times while the disk was waited for", count);
  return 0;
}
