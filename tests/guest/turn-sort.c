/* TEST: Eight processes that each sort more than the pool holds all get on; what they sorted is merged.
   PUT: turn-sorter
   POOL: 16
   STRESS: takes minutes */
#include <stdio.h>
#include <syscall.h>
#include "tests/guest/lib/pages.h"
#include "tests/guest/lib/test.h"

#define SIZE  (128 * 1024)
#define FILES 8

static unsigned char parts[FILES][SIZE], merged[FILES * SIZE];
static unsigned counts[256];

/* Makes the files; the bytes are random ones. */
static void make_parts(void) {
  uint32_t state = 1;
  for (int i = 0; i < FILES; i++) {
    char name[16];
    snprintf(name, sizeof name, "part%d", i);
    for (int j = 0; j < SIZE; j++) {
      parts[i][j] = next_random(&state) >> 8;
      counts[parts[i][j]]++;
    }
    CHECK(create(name, SIZE), "create");
    int fd = must_open(name);
    CHECK(write(fd, parts[i], SIZE) == SIZE, "write");
    close(fd);
  }
}

/* Has all files sorted at the same time. */
static void sort_parts(void) {
  pid_t children[FILES];
  for (int i = 0; i < FILES; i++) children[i] = spawn("turn-sorter part%d", i);
  for (int i = 0; i < FILES; i++) {
    CHECK(wait(children[i]) == 123, "sorter %d", i);
    char name[16];
    snprintf(name, sizeof name, "part%d", i);
    int fd = must_open(name);
    CHECK(read(fd, parts[i], SIZE) == SIZE, "read");
    close(fd);
  }
}

/* Merges the sorted parts. */
static void merge(void) {
  unsigned at[FILES] = {0};
  for (unsigned i = 0; i < sizeof merged; i++) {
    int least = -1;
    for (int j = 0; j < FILES; j++)
      if (at[j] < SIZE && (least < 0 || parts[j][at[j]] < parts[least][at[least]])) least = j;
    merged[i] = parts[least][at[least]++];
  }
}

/* Every byte comes out as often as it went in, in order. */
void test_main(void) {
  make_parts();
  sort_parts();
  merge();
  unsigned at = 0;
  for (unsigned value = 0; value < 256; value++)
    for (unsigned i = 0; i < counts[value]; i++, at++)
      CHECK(merged[at] == value, "byte %u is %u, not %u", at, merged[at], value);
}
