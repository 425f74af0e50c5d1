/* TEST: Processes that share an open file by fork read and write it one call after another: no record is
         lost, mixed, or had twice, and no name of a directory.
   ROUNDS: 40
   POOL: 24
   DISK: 8 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/guest/lib/memory.h"

#define PROCESSES  3
#define RECORD_MAX 9000
#define FILES      40

static const unsigned sizes[] = {1, 16, 600, 4096, RECORD_MAX};
static unsigned records, size;
static int fd;
static uint8_t *seen;
static char record[RECORD_MAX];

/* Runs BODY in PROCESSES processes, this one among them, each with its number. */
static void run_all(void (*body)(unsigned)) {
  pid_t pids[PROCESSES];
  for (unsigned i = 1; i < PROCESSES; i++) {
    pids[i] = fork();
    CHECK(pids[i] >= 0, "fork");
    if (pids[i] > 0) continue;
    body(i);
    exit(0);
  }
  body(0);
  for (unsigned i = 1; i < PROCESSES; i++) CHECK_IS(wait(pids[i]), 0);
}

/* Writes this process's records, all of one letter, and looks where it is. */
static void write_records(unsigned process) {
  memset(record, 'a' + (int)process, size);
  for (unsigned i = 0; i < records; i++) {
    CHECK_IS(write(fd, record, size), size);
    CHECK(tell(fd) % size == 0, "the position is %u, in the middle of a record of %u", tell(fd),
          size);
  }
}

/* Reads records while there are any, and notes in SEEN which. */
static void read_records(unsigned process) {
  int count;
  (void)process;
  while ((count = read(fd, record, size)) > 0) {
    CHECK_IS(count, size);
    uint32_t place = 0;
    memcpy(&place, record, size < sizeof place ? 0 : sizeof place);
    for (unsigned i = 4; i < size; i++)
      CHECK(record[i] == (char)place, "record %u is mixed", place);
    __atomic_add_fetch(&seen[place], 1, __ATOMIC_SEQ_CST);
  }
  CHECK_IS(count, 0);
}

/* Reads names while there are any, by both calls in turn. */
static void read_names(unsigned process) {
  char name[READDIR_MAX_LEN + 1], none[1];
  for (unsigned i = process;; i++) {
    if (i % 2 == 0 ? !readdir(fd, name) : readdir_name(fd, name, sizeof name) <= 0) break;
    __atomic_add_fetch(&seen[atoi(name)], 1, __ATOMIC_SEQ_CST);
    CHECK(readdir_name(fd, none, sizeof none) <= 0, "a name that does not fit");
  }
}

/* Everything in SEEN up to COUNT must have been had TIMES. */
static void check_seen(unsigned count, unsigned times, const char *what) {
  for (unsigned i = 0; i < count; i++)
    CHECK(seen[i] == times, "%s %u of %u bytes was had %u times", what, i, size, seen[i]);
  memset(seen, 0, count);
}

/* What all have written: records of each, none of them in two. */
static void check_written(void) {
  unsigned counts[PROCESSES] = {0};
  CHECK_IS(filesize(fd), PROCESSES * records * size);
  CHECK_IS(tell(fd), PROCESSES * records * size);
  seek(fd, 0);
  while (read(fd, record, size) == (int)size) {
    for (unsigned i = 1; i < size; i++)
      CHECK(record[i] == record[0], "mixed at %u", tell(fd) - size + i);
    CHECK((unsigned)(record[0] - 'a') < PROCESSES, "a record of %d", record[0]);
    counts[record[0] - 'a']++;
  }
  for (unsigned i = 0; i < PROCESSES; i++)
    CHECK(counts[i] == records, "%u records of %u of process %u", counts[i], size, i);
}

/* Fills the file with records that tell their place. */
static void write_places(void) {
  seek(fd, 0);
  for (uint32_t i = 0; i < PROCESSES * records; i++) {
    memset(record, (char)i, size);
    if (size >= sizeof i) memcpy(record, &i, sizeof i);
    CHECK_IS(write(fd, record, size), size);
  }
  seek(fd, 0);
}

/* Records of each size, then names. */
void test_main(void) {
  records = atoi(test_argv[1]);
  seen = (uint8_t *)map_shared(2);
  for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    size = sizes[i];
    CHECK(create("file", 0), "create");
    fd = must_open("file");
    run_all(write_records);
    check_written();
    write_places();
    run_all(read_records);
    if (size >= 4) check_seen(PROCESSES * records, 1, "record");
    if (size < 4) CHECK(seen[0] == PROCESSES * records, "%u bytes", seen[0]);
    seen[0] = 0;
    close(fd);
    CHECK(remove("file"), "remove");
  }
  CHECK(mkdir("dir"), "mkdir");
  for (unsigned i = 0; i < FILES; i++) {
    snprintf(record, sizeof record, "dir/%u", i);
    CHECK(create(record, 0), "create %s", record);
  }
  fd = must_open("dir");
  run_all(read_names);
  check_seen(FILES, 1, "name");
}
