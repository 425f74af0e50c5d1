/* HELPER: disk-names WORK CALLS: makes and removes files and directories while their disk fails, counts what
   calls report, and goes on.  CALLS is 1 if reading the disk works: then what calls said must be so.
   For what a sync acknowledged it prints "kept NAME OFFSET SIZE SEED", for what was removed
   "gone NAME": the host looks for it on the disk afterwards.

   tree: directories with files, some removed again.  many: small files.  orphan: a removed file that
   is used on.  list: a large directory is read.  Its status is 5. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/guest/lib/faulty.h"
#include "tests/guest/lib/memory.h"

#define TREE_DIRS    24
#define MANY_FILES   40
#define SMALL_SIZE   700
#define ORPHAN_PAGES 60
#define LISTED       150 /* Files in the directory `listed', which the host made. */

enum fate { UNKNOWN, PRESENT, ABSENT };

static bool reads_work;
static unsigned calls, errors;
static char buffer[PAGE];

/* Counts a call; whether it was GOOD. */
static bool note(bool good) {
  calls++;
  if (!good) errors++;
  return good;
}

/* Makes the small file NAME of pattern SEED, synced: whether all of it went well. */
static bool make_small(const char *name, unsigned seed) {
  if (!note(create(name, 0))) return false;
  int fd = open(name);
  if (!note(fd >= 0)) {
    CHECK(!reads_work, "%s was made and cannot be opened", name);
    return false;
  }
  pattern_fill(buffer, SMALL_SIZE, 0, seed);
  bool good = note(write(fd, buffer, SMALL_SIZE) == SMALL_SIZE);
  int result = fsync(fd);
  CHECK(result == VM_OK || result == VM_EIO, "fsync gave %d", result);
  good = note(result == VM_OK) && good;
  close(fd);
  return good;
}

/* Reads the small file NAME of pattern SEED; what comes must be right. */
static void look_at(const char *name, unsigned seed, bool must_be_there) {
  int fd = open(name);
  note(fd >= 0);
  CHECK(fd >= 0 || !must_be_there || !reads_work, "%s cannot be opened", name);
  if (fd < 0) return;
  int bytes = read(fd, buffer, SMALL_SIZE);
  if (note(bytes == SMALL_SIZE) || (bytes > 0 && must_be_there))
    CHECK(pattern_is(buffer, (unsigned)bytes, 0, seed), "%s is wrong", name);
  close(fd);
}

/* Directories with a file each; every third is removed again. */
static void do_tree(void) {
  char directory[20], file[24];
  enum fate fates[TREE_DIRS];
  faults_begin();
  for (unsigned i = 0; i < TREE_DIRS; i++) {
    snprintf(directory, sizeof directory, "directory%u", i);
    snprintf(file, sizeof file, "%s/file", directory);
    fates[i] = note(mkdir(directory)) && make_small(file, i + 20) ? PRESENT : UNKNOWN;
    if (i % 3 != 2 || fates[i] != PRESENT) continue;
    fates[i] = UNKNOWN;
    if (!note(remove(file))) continue;
    fates[i] = ABSENT;
    CHECK(open(file) < 0, "%s was removed and is there", file);
    note(remove(directory));
  }
  push_out();
  for (unsigned i = 0; i < TREE_DIRS; i++) {
    snprintf(file, sizeof file, "directory%u/file", i);
    if (fates[i] == PRESENT) look_at(file, i + 20, true);
    if (fates[i] == PRESENT) msg("kept %s 0 %u %u", file, SMALL_SIZE, i + 20);
    if (fates[i] == ABSENT) msg("gone %s", file);
  }
}

/* Many small files. */
static void do_many(void) {
  char name[20];
  bool kept[MANY_FILES];
  faults_begin();
  for (unsigned i = 0; i < MANY_FILES; i++) {
    snprintf(name, sizeof name, "many%u", i);
    kept[i] = make_small(name, i + 50);
  }
  push_out();
  for (unsigned i = 0; i < MANY_FILES; i++) {
    snprintf(name, sizeof name, "many%u", i);
    look_at(name, i + 50, kept[i]);
    if (kept[i]) msg("kept %s 0 %u %u", name, SMALL_SIZE, i + 50);
  }
}

/* A file is removed while it is open, and used on. */
static void do_orphan(void) {
  CHECK(create("orphan", 0), "orphan cannot be made");
  int fd = must_open("orphan");
  faults_begin();
  bool written[ORPHAN_PAGES];
  bool removed = false;
  for (unsigned i = 0; i < ORPHAN_PAGES; i++) {
    if (i == ORPHAN_PAGES / 2) removed = note(remove("orphan"));
    pattern_fill(buffer, PAGE, i * PAGE, 90);
    seek(fd, i * PAGE);
    written[i] = note(write(fd, buffer, PAGE) == (int)PAGE);
  }
  push_out();
  for (unsigned i = 0; i < ORPHAN_PAGES; i++) {
    seek(fd, i * PAGE);
    int bytes = read(fd, buffer, PAGE);
    note(bytes == (int)PAGE);
    CHECK(bytes <= 0 || !written[i] || pattern_is(buffer, (unsigned)bytes, i * PAGE, 90),
          "page %u is wrong", i);
  }
  close(fd);
  if (removed) msg("gone orphan");
}

/* The names of a large directory come once each. */
static void do_list(void) {
  bool seen[LISTED] = {false};
  unsigned found = 0;
  int fd = must_open("listed"), length;
  faults_begin();
  for (unsigned tries = 0; tries < 2 * LISTED; tries++) {
    length = readdir_name(fd, buffer, sizeof buffer);
    if (!note(length >= 0)) continue;
    if (length == 0) break;
    unsigned number = (unsigned)atoi(buffer);
    CHECK(number < LISTED && !seen[number], "`%s' is not, or twice, in the directory", buffer);
    seen[number] = true;
    found++;
  }
  CHECK(length != 0 || found == LISTED, "only %u names", found);
  for (unsigned i = 0; i < LISTED; i += 10) {
    snprintf(buffer, sizeof buffer, "listed/%u-a-name-that-takes-some-room-in-its-directory", i);
    int file = open(buffer);
    if (note(file >= 0)) close(file);
  }
}

static const struct work {
  const char *name;
  void (*run)(void);
} works[] = {{"tree", do_tree}, {"many", do_many}, {"orphan", do_orphan}, {"list", do_list}};

/* Chooses. */
int main(int argc, char *argv[]) {
  test_name = "disk-names";
  if (argc != 3) return 2;
  reads_work = atoi(argv[2]) == 1;
  stay_resident();
  for (unsigned i = 0; i < sizeof works / sizeof *works; i++)
    if (strcmp(argv[1], works[i].name) == 0) works[i].run();
  msg("%u of %u calls failed", errors, calls);
  return 5;
}
