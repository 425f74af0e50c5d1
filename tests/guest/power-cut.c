/* What is going on while the power fails: power-cut WORKLOAD SEED.  tests/cuts runs it. */
#include <random.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/guest/lib/marked.h"

static unsigned rounds = 1; /* Of each workload; fewer where several run at once. */

/* A random multiple of 4 from LOW to below HIGH. */
static unsigned any(unsigned low, unsigned high) {
  return (low + (unsigned)random_ulong() % (high - low)) & ~3u;
}

/* FILE, all of it, is safe from here on. */
static void sync_all(const struct marked_file *file) {
  marked_sync(file, 0, file->size);
}

/* Many small files are made, and grow in turns; some are synced, the oldest go. */
static void work_small(void) {
  enum { OPEN = 8 };
  static struct marked_file files[OPEN];
  for (unsigned i = 0; i < 20 * OPEN * rounds / 2; i++) {
    struct marked_file *file = &files[i % OPEN];
    if (file->number != 0) marked_remove(file);
    marked_make(file, "small", 0);
    marked_grow(file, any(4, 6000));
    for (unsigned k = 0; k < 2; k++) {
      struct marked_file *other = &files[any(0, 4 * OPEN) / 4];
      if (other->number != 0) marked_grow(other, any(4, 3000));
    }
    if (i % 4 == 0) sync_all(file);
  }
}

/* One file with one and two levels of pointers; holes are filled in any order. */
static void work_large(void) {
  struct marked_file file;
  marked_make(&file, "large", 0);
  for (unsigned i = 0; i < 24; i++) {
    marked_grow(&file, any(4000, 40000));
    if (i % 3 == 0) sync_all(&file);
  }
  for (unsigned i = 0; i < 60; i++) {
    unsigned offset = any(0, 3u << 20), size = any(4, 9000);
    marked_write(&file, offset, size);
    if (i % 5 == 0) marked_sync(&file, offset, size);
  }
}

/* Writes random pages of FILE's mapping MEMORY in a new generation, and syncs them by vm_sync(). */
static void change_pages(struct marked_file *file, char *memory) {
  unsigned pages = file->size / PAGE, first = any(0, 4 * pages) / 4;
  unsigned count = 1 + any(0, 4 * (pages - first)) / 4;
  file->generation++;
  marked_fill(file, PAGE_AT(memory, first), first * PAGE, count * PAGE);
  CHECK_IS(vm_sync(PAGE_AT(memory, first), count * PAGE), VM_OK);
  mark("synced %s %u %u %u", file->name, first * PAGE, count * PAGE, file->generation);
}

/* Shared mappings of files that are holes at first, or were written, and grow. */
static void work_mapped(void) {
  for (unsigned i = 0; i < 8 * rounds; i++) {
    struct marked_file file;
    marked_make(&file, "mapped", i % 2 * 12 * PAGE);
    for (unsigned part = 0; part < 3; part++) {
      marked_grow(&file, 4 * PAGE);
      char *memory = vm_map(0, file.size, READ_WRITE, MAP_SHARED, file.fd, 0);
      CHECK(!vm_is_error(memory), "mapping gave %ld", (long)memory);
      for (unsigned k = 0; k < 3; k++) change_pages(&file, memory);
      if (part == 1) marked_fill(&file, memory, 0, file.size);
      CHECK_IS(vm_unmap(memory, file.size), VM_OK);
    }
    if (i % 2 == 0)
      marked_remove(&file);
    else
      close(file.fd);
  }
}

/* A file is replaced: its successor is written and synced before it goes. */
static void work_rename(void) {
  struct marked_file old = {0};
  for (unsigned i = 0; i < 60; i++) {
    struct marked_file new;
    marked_make(&new, "config", 0);
    marked_grow(&new, any(4, 20000));
    sync_all(&new);
    if (old.number != 0) marked_remove(&old);
    old = new;
  }
}

/* Fills the directory FOLDER with files of long names, over several blocks, and takes most of them
   away again. */
static void fill_directory(const char *folder, unsigned count) {
  static struct marked_file files[48];
  char prefix[MARKED_NAME_SIZE];
  for (unsigned i = 0; i < count; i++) {
    snprintf(prefix, sizeof prefix, "%s/%.*s", folder, (int)any(4, 70),
             "a-name-that-is-long-enough-to-have-its-directory-grow-over-one-block-");
    marked_make(&files[i], prefix, 0);
    marked_grow(&files[i], any(4, 600));
    if (i % 6 == 0) sync_all(&files[i]);
    if (i % 6 != 0) close(files[i].fd);
  }
  for (unsigned i = 0; i < count; i++)
    if (i % 6 == 0 || any(0, 16) > 0) marked_remove(&files[i]);
}

/* Directories in directories, filled and emptied, made and removed. */
static void work_dirs(void) {
  for (unsigned i = 0; i < 8; i++) {
    char outer[32], inner[40];
    snprintf(outer, sizeof outer, "dir%u", i);
    snprintf(inner, sizeof inner, "%s/in", outer);
    CHECK(mkdir(outer), "mkdir(\"%s\")", outer);
    CHECK(mkdir(inner), "mkdir(\"%s\")", inner);
    fill_directory(i % 4 == 3 ? "." : i % 2 == 0 ? outer : inner, any(12, 48));
    struct marked_file file;
    marked_make(&file, "last", 0);
    marked_grow(&file, 100);
    sync_all(&file);
    close(file.fd);
    if (i % 3 == 2) remove(inner);
    if (i % 3 == 2) remove(outer);
  }
}

/* Large files go, and others take their blocks at once. */
static void work_reuse(void) {
  enum { FILES = 4 };
  static struct marked_file files[FILES];
  for (unsigned i = 0; i < 10 * rounds; i++) {
    struct marked_file *file = &files[i % FILES];
    if (file->number != 0) marked_remove(file);
    marked_make(file, "reuse", 0);
    for (unsigned size = any(40, 240) * 1000; file->size < size;) {
      marked_grow(file, any(1000, 20000));
      if (any(0, 40) == 0) sync_all(file);
    }
  }
}

/* A child's end writes what it changed through a mapping. */
static void work_exit(void) {
  struct marked_file file;
  marked_make(&file, "exit", 8 * PAGE);
  for (unsigned i = 0; i < 20; i++) {
    file.generation++;
    if (i % 4 == 0) marked_grow(&file, 2 * PAGE);
    pid_t pid = fork();
    if (pid == 0) {
      char *memory = vm_map(0, file.size, READ_WRITE, MAP_SHARED, file.fd, 0);
      CHECK(!vm_is_error(memory), "mapping gave %ld", (long)memory);
      marked_fill(&file, memory, 0, file.size);
      exit(0);
    }
    CHECK_IS(wait(pid), 0);
    sync_all(&file);
  }
}

/* Three at once, each with more memory than there are frames. */
static void work_crowd(void) {
  static void (*const works[])(void) = {work_small, work_mapped, work_reuse};
  pid_t pids[3];
  rounds = 1;
  for (unsigned i = 0; i < 3; i++) {
    pids[i] = fork();
    if (pids[i] > 0) continue;
    marked_begin(1 + i);
    random_init(random_ulong() + i);
    char *memory = map_anonymous(64);
    fill_pages(memory, 64, i);
    works[i]();
    check_pages(memory, 64, i);
    exit(0);
  }
  for (unsigned i = 0; i < 3; i++) CHECK_IS(wait(pids[i]), 0);
}

static const struct {
  const char *name;
  void (*work)(void);
} works[] = {{"small", work_small},   {"large", work_large}, {"mapped", work_mapped},
             {"rename", work_rename}, {"dirs", work_dirs},   {"reuse", work_reuse},
             {"exit", work_exit},     {"crowd", work_crowd}};

/* Does the work asked for. */
int main(int argc, char *argv[]) {
  test_name = argv[0];
  CHECK(argc == 3, "usage: power-cut WORKLOAD SEED");
  marked_begin(0);
  random_init(atoi(argv[2]));
  for (unsigned i = 0; i < sizeof works / sizeof *works; i++) {
    if (strcmp(works[i].name, argv[1]) != 0) continue;
    works[i].work();
    mark("end");
    return EXIT_SUCCESS;
  }
  fail("no workload %s", argv[1]);
}
