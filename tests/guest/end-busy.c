/* end-busy HOW: leaves children of many kinds at work, and ends: HOW is exit or halt.  Not a test by itself,
   see tests/kernel/test_ends.py.  Needs child-exit. */
#include <stdio.h>
#include <string.h>
#include "tests/guest/lib/memory.h"

#define WORK_MS   400
#define BIG_PAGES 60
#define SWAPPED   150

/* Makes files, fills them, and removes every other one. */
static int write_files(char *who) {
  static char piece[3000];
  char name[16];
  for (unsigned i = 0;; i = (i + 1) % 8) {
    snprintf(name, sizeof name, "%s%u", who, i);
    remove(name);
    CHECK(create(name, 0), "create %s", name);
    int fd = must_open(name);
    for (unsigned at = 0; at < 5; at++) CHECK_IS(write(fd, piece, sizeof piece), sizeof piece);
    if (i % 2 == 0) CHECK(remove(name), "remove %s", name);
    if (i % 3 == 0) CHECK_IS(fsync(fd), 0);
    close(fd);
  }
}

/* Writes to a mapping, which has holes at first, and unmaps it. */
static int write_mapping(char *name) {
  CHECK(create(name, BIG_PAGES * PAGE), "create %s", name);
  int fd = must_open(name);
  for (char value = 1;; value++) {
    int id = mmap(fd, PLACE);
    CHECK(id >= 0, "mmap");
    for (unsigned i = 0; i < BIG_PAGES; i++) *PAGE_AT(PLACE, i) = value;
    munmap(id);
  }
}

/* Uses more memory than there is. */
static int use_swap(char *unused) {
  (void)unused;
  char *memory = map_anonymous(SWAPPED);
  for (char value = 0;; value++)
    for (unsigned i = 0; i < SWAPPED; i++) {
      CHECK(*PAGE_AT(memory, i) == value, "page %u", i);
      *PAGE_AT(memory, i) = value + 1;
    }
}

/* Runs programs. */
static int run_programs(char *unused) {
  (void)unused;
  for (;;) CHECK_IS(run("child-exit 7"), 7);
}

/* Makes children that do nothing. */
static int fork_children(char *unused) {
  (void)unused;
  for (;;) {
    pid_t child = fork();
    CHECK(child >= 0, "fork");
    if (child == 0) exit(0);
    CHECK_IS(wait(child), 0);
  }
}

/* Prints. */
static int print_lines(char *unused) {
  for (unsigned i = 0; i < 1u << 30; i++) msg("line %u%s", i, unused);
  return 1;
}

/* Waits for what does not come. */
static int wait_for_key(char *unused) {
  char byte;
  (void)unused;
  return read(0, &byte, 1);
}

/* Counts. */
static int compute(char *unused) {
  (void)unused;
  for (volatile unsigned i = 0; i < 1u << 30; i++) continue;
  return 1;
}

/* Starts them, lets them work, and ends. */
int main(int argc, char *argv[]) {
  CHECK(argc == 2, "usage: end-busy exit|halt");
  test_name = argv[0];
  start_child(write_files, "a");
  start_child(write_files, "b");
  start_child(write_mapping, "mapped");
  start_child(use_swap, NULL);
  start_child(run_programs, NULL);
  start_child(fork_children, NULL);
  start_child(print_lines, "");
  start_child(wait_for_key, NULL);
  start_child(compute, NULL);
  sleep_ms(WORK_MS);
  msg("ends");
  if (strcmp(argv[1], "halt") == 0) halt();
  return 0;
}
