/* HELPER: disk-files WORK: changes files while their disk fails, counts what calls report, and goes on.
   What is read must be what was written, or an error.  For what a sync acknowledged it prints
   "kept NAME OFFSET SIZE SEED": the host looks for it on the disk afterwards.

   grow, overwrite, copy: by write().  big: by large read() and write().  parallel: three at once.
   map, hole: by shared mappings, in a child that may be killed.  bad-read, bad-write: one page of a file
   cannot be read, or written.  Its status is 5. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/guest/lib/faulty.h"
#include "tests/guest/lib/memory.h"

#define RECORD     1000u
#define UNITS_MAX  1100
#define SYNC_EVERY 8
#define BIG_PAGES  16
#define KNOWN_SEED 1
#define OTHER_SEED 2
#define OTHER_SIZE (100 * PAGE)
#define HOLE_STEP  37
#define BAD_PAGE   5

/* A file and what must be in it, by units of some bytes.  Shared with children. */
struct subject {
  char name[16];
  int fd;
  unsigned unit, count;
  uint8_t seeds[UNITS_MAX]; /* Pattern of each unit; 0: anything may be there. */
  bool safe[UNITS_MAX];     /* A sync has acknowledged it. */
  struct tally {
    unsigned calls, errors;
  } reads, writes, syncs;
};

static char buffer[PAGE];

/* A subject for file NAME, COUNT units of UNIT bytes of pattern SEED; made if SEED is 0. */
static struct subject *subject_open(const char *name, unsigned unit, unsigned count, int seed) {
  struct subject *s = (struct subject *)map_shared((sizeof *s + PAGE - 1) / PAGE);
  if (seed == 0) CHECK(create(name, 0), "%s cannot be made", name);
  strlcpy(s->name, name, sizeof s->name);
  s->fd = must_open(name);
  s->unit = unit;
  s->count = count;
  memset(s->seeds, seed, sizeof s->seeds);
  CHECK_IS(vm_lock(s, sizeof *s), VM_OK);
  return s;
}

/* Counts a call in TALLY; whether it was GOOD. */
static bool note(struct tally *tally, bool good) {
  tally->calls++;
  if (!good) tally->errors++;
  return good;
}

/* Writes unit I of S with pattern SEED. */
static void write_unit(struct subject *s, unsigned i, int seed) {
  pattern_fill(buffer, s->unit, i * s->unit, (unsigned)seed);
  seek(s->fd, i * s->unit);
  int bytes = write(s->fd, buffer, s->unit);
  CHECK(bytes >= -1 && bytes <= (int)s->unit, "write gave %d", bytes);
  s->safe[i] = false;
  s->seeds[i] = note(&s->writes, bytes == (int)s->unit) ? seed : 0;
}

/* Reads unit I of S; what comes must be right. */
static void read_unit(struct subject *s, unsigned i) {
  seek(s->fd, i * s->unit);
  int bytes = read(s->fd, buffer, s->unit);
  CHECK(bytes >= -1 && bytes <= (int)s->unit, "read gave %d", bytes);
  note(&s->reads, bytes == (int)s->unit);
  if (s->seeds[i] == 0 || bytes <= 0) return;
  CHECK(pattern_is(buffer, (unsigned)bytes, i * s->unit, s->seeds[i]),
        "%s: %d bytes at %u are wrong", s->name, bytes, i * s->unit);
}

/* A sync of S gave RESULT: all units FIRST to END - 1 with known content are safe if it is 0. */
static void note_sync(struct subject *s, int result, unsigned first, unsigned end) {
  CHECK(result == VM_OK || result == VM_EIO, "a sync gave %d", result);
  if (!note(&s->syncs, result == VM_OK)) return;
  for (unsigned i = first; i < end; i++) s->safe[i] = s->seeds[i] != 0;
}

/* Syncs S. */
static void sync_all(struct subject *s) {
  note_sync(s, fsync(s->fd), 0, s->count);
}

/* Reads all of S back, from the disk if it got there, and prints its figures and what is safe. */
static void finish(struct subject *s) {
  push_out();
  for (unsigned i = 0; i < s->count; i++) read_unit(s, i);
  msg("%s: %u of %u reads, %u of %u writes, %u of %u syncs failed", s->name, s->reads.errors,
      s->reads.calls, s->writes.errors, s->writes.calls, s->syncs.errors, s->syncs.calls);
  for (unsigned i = 0, end; i < s->count; i = end) {
    for (end = i + 1; end < s->count && s->safe[end] && s->seeds[end] == s->seeds[i];) end++;
    if (s->safe[i])
      msg("kept %s %u %u %u", s->name, i * s->unit, (end - i) * s->unit, (unsigned)s->seeds[i]);
  }
}

/* Writes all units of S in order, and syncs now and then. */
static void fill_in_order(struct subject *s, int seed) {
  for (unsigned i = 0; i < s->count; i++) {
    write_unit(s, i, seed);
    if (i % SYNC_EVERY == SYNC_EVERY - 1) sync_all(s);
  }
  sync_all(s);
}

/* A new file grows. */
static void do_grow(void) {
  struct subject *s = subject_open("grow", RECORD, 300, 0);
  faults_begin();
  fill_in_order(s, 11);
  finish(s);
}

/* Parts of a file that is there are written, out of order. */
static void do_overwrite(void) {
  struct subject *s = subject_open("other", RECORD, OTHER_SIZE / RECORD, OTHER_SEED);
  uint32_t state = 7;
  faults_begin();
  for (unsigned i = 0; i < s->count / 2; i++) {
    write_unit(s, next_random(&state) % s->count, 12);
    read_unit(s, next_random(&state) % s->count);
    if (i % (3 * SYNC_EVERY) == 0) sync_all(s);
  }
  sync_all(s);
  finish(s);
}

/* A file is copied by small pieces. */
static void do_copy(void) {
  struct subject *from = subject_open("known", RECORD, 120, KNOWN_SEED);
  struct subject *to = subject_open("copy", RECORD, 120, 0);
  faults_begin();
  for (unsigned i = 0; i < from->count; i++) {
    read_unit(from, i);
    write_unit(to, i, KNOWN_SEED);
  }
  sync_all(to);
  finish(from);
  finish(to);
}

/* Reads and writes many pages by one call: a short count tells how far it got. */
static void do_big(void) {
  char *big = map_anonymous(BIG_PAGES);
  unsigned size = BIG_PAGES * PAGE;
  struct subject *from = subject_open("known", PAGE, 128, KNOWN_SEED);
  struct subject *to = subject_open("big", PAGE, 128, 0);
  faults_begin();
  for (unsigned at = 0; at < from->count; at += BIG_PAGES) {
    seek(from->fd, at * PAGE);
    int bytes = read(from->fd, big, size);
    note(&from->reads, bytes == (int)size);
    CHECK(tell(from->fd) == at * PAGE + (bytes > 0 ? (unsigned)bytes : 0),
          "where a read of %d ended", bytes);
    CHECK(bytes <= 0 || pattern_is(big, (unsigned)bytes, at * PAGE, KNOWN_SEED),
          "a large read is wrong");
    pattern_fill(big, size, at * PAGE, 13);
    seek(to->fd, at * PAGE);
    bytes = write(to->fd, big, size);
    note(&to->writes, bytes == (int)size);
    CHECK(tell(to->fd) == at * PAGE + (bytes > 0 ? (unsigned)bytes : 0),
          "where a write of %d ended", bytes);
    for (unsigned i = 0; bytes > 0 && i < (unsigned)bytes / PAGE; i++) to->seeds[at + i] = 13;
    sync_all(to);
  }
  finish(from);
  finish(to);
}

/* Child NUMBER grows a file of its own. */
static int grow_part(char *aux) {
  struct subject *s = (struct subject *)(void *)aux;
  stay_resident();
  fill_in_order(s, s->name[4]);
  finish(s);
  return 30;
}

/* Three files grow at once. */
static void do_parallel(void) {
  struct subject *s[3];
  pid_t pids[3];
  for (int i = 0; i < 3; i++) {
    char name[] = "part0";
    name[4] += i;
    s[i] = subject_open(name, RECORD, 80, 0);
  }
  faults_begin();
  for (int i = 0; i < 3; i++) pids[i] = start_child(grow_part, (char *)s[i]);
  for (int i = 0; i < 3; i++) {
    int status = wait(pids[i]);
    CHECK(status == 30 || status == -1, "a child ended with %d", status);
  }
}

/* Writes every STEPth page of S through a mapping, and syncs now and then. */
static void write_mapped(struct subject *s, unsigned step, int seed) {
  char *memory = vm_map(0, s->count * PAGE, READ_WRITE, MAP_SHARED, s->fd, 0);
  CHECK(!vm_is_error(memory), "mapping gave %ld", (long)memory);
  for (unsigned i = 0, first = 0; i < s->count; i += step) {
    int old = s->seeds[i];
    CHECK(old == 0 || pattern_is(PAGE_AT(memory, i), PAGE, i * PAGE, (unsigned)old),
          "page %u is wrong", i);
    s->seeds[i] = 0;
    pattern_fill(PAGE_AT(memory, i), PAGE, i * PAGE, (unsigned)seed);
    s->seeds[i] = (uint8_t)seed;
    s->writes.calls++;
    if (i - first < SYNC_EVERY * step && i + step < s->count) continue;
    note_sync(s, vm_sync(PAGE_AT(memory, first), (i + 1 - first) * PAGE), first, i + 1);
    first = i + 1;
  }
  int result = vm_unmap(memory, s->count * PAGE);
  CHECK(result == VM_OK || result == VM_EIO, "unmapping gave %d", result);
}

/* The child of `map'. */
static int map_all(char *aux) {
  stay_resident();
  write_mapped((struct subject *)(void *)aux, 1, 14);
  return 30;
}

/* The child of `hole'. */
static int map_some(char *aux) {
  stay_resident();
  write_mapped((struct subject *)(void *)aux, HOLE_STEP, 15);
  return 30;
}

/* Runs BODY on S in a child that may be killed. */
static void run_mapper(struct subject *s, int (*body)(char *)) {
  int status = run_child(body, (char *)s);
  CHECK(status == 30 || status == -1, "the child ended with %d", status);
  finish(s);
}

/* A file that is there is changed through a mapping. */
static void do_map(void) {
  struct subject *s = subject_open("other", PAGE, OTHER_SIZE / PAGE, OTHER_SEED);
  faults_begin();
  run_mapper(s, map_all);
}

/* A large hole is filled here and there, so that it needs blocks of pointers. */
static void do_hole(void) {
  CHECK(create("hole", UNITS_MAX * PAGE), "hole cannot be made");
  struct subject *s = subject_open("hole", PAGE, UNITS_MAX, 255);
  memset(s->seeds, 0, sizeof s->seeds);
  faults_begin();
  run_mapper(s, map_some);
}

/* Page BAD of `known' cannot be read: a large read() ends before it, the next one there fails. */
static void do_bad_read(void) {
  char *big = map_anonymous(BIG_PAGES);
  unsigned before = BAD_PAGE * PAGE, after = before + PAGE;
  int fd = must_open("known");
  CHECK_IS(read(fd, big, BIG_PAGES * PAGE), before);
  CHECK(pattern_is(big, before, 0, KNOWN_SEED), "what was read is wrong");
  CHECK_IS(tell(fd), before);
  CHECK_IS(read(fd, big, PAGE), -1);
  CHECK_IS(tell(fd), before);
  seek(fd, after);
  CHECK_IS(read(fd, big, BIG_PAGES * PAGE), BIG_PAGES * PAGE);
  CHECK(pattern_is(big, BIG_PAGES * PAGE, after, KNOWN_SEED), "what was read after it is wrong");
}

/* Page BAD of `other' cannot be written: fsync() says so, and writes all others. */
static void do_bad_write(void) {
  struct subject *s = subject_open("other", PAGE, BIG_PAGES, OTHER_SEED);
  for (unsigned i = 0; i < s->count; i++) write_unit(s, i, 16);
  CHECK_IS(fsync(s->fd), VM_EIO);
  CHECK_IS(fsync(s->fd), VM_EIO);
  push_out();
  for (unsigned i = 0; i < s->count; i++) read_unit(s, i);
  CHECK(s->writes.errors + s->reads.errors == 0, "reading and writing need not fail");
}

static const struct work {
  const char *name;
  void (*run)(void);
} works[] = {{"grow", do_grow}, {"overwrite", do_overwrite}, {"copy", do_copy},
             {"big", do_big},   {"parallel", do_parallel},   {"map", do_map},
             {"hole", do_hole}, {"bad-read", do_bad_read},   {"bad-write", do_bad_write}};

/* Chooses. */
int main(int argc, char *argv[]) {
  test_name = "disk-files";
  if (argc != 2) return 2;
  stay_resident();
  CHECK_IS(setrlimit(LIMIT_LOCKED, 1 << 20), VM_OK);
  for (unsigned i = 0; i < sizeof works / sizeof *works; i++)
    if (strcmp(argv[1], works[i].name) == 0) works[i].run();
  return 5;
}
