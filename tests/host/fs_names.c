/* Large directories on the host.

   fs_names pace IMAGE LENGTH COUNT      counts requests to the disk: the last names must cost what early
                                         ones do
   fs_names random IMAGE SEED STEPS      names come and go in two directories, while indexes come and
                                         go, with and without memory */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include "fs_host.h"
#include "fs/fs.h"
#include "lib/debug.h"
#include "lib/round.h"

#define NAMES_MAX 4000
#define PACE      100 /* Names that are counted together. */
#define PATH_SIZE 300

/* Name NUMBER of LENGTH bytes in DIR. */
static void make_path(char *path, char dir, int length, unsigned number) {
  snprintf(path, PATH_SIZE, "/%c/%0*u", dir, length, number);
}

/* Mounts IMAGE with directories a and b. */
static struct block *start(const char *image) {
  struct block *disk = host_disk_open(image);
  ASSERT(fs_mount(disk) == FS_OK);
  ASSERT(fs_mkdir(NULL, "/a") == FS_OK && fs_mkdir(NULL, "/b") == FS_OK);
  return disk;
}

/* Unmounts; all memory is back. */
static void finish(struct block *disk) {
  fs_unmount();
  ASSERT(host_allocations() == 0);
  host_disk_close(disk);
}

/* What is done to a path. */
typedef int operation(const char *path);

/* Creates PATH. */
static int create(const char *path) {
  return fs_create(NULL, path, 0);
}

/* Removes PATH. */
static int take_away(const char *path) {
  return fs_remove(NULL, path);
}

/* Finds PATH. */
static int look_up(const char *path) {
  struct node *inode;
  int error = fs_lookup(NULL, path, &inode);
  if (error == FS_OK) node_put(inode);
  return error;
}

/* A run over the names of a directory. */
struct pace {
  const char *what;
  operation *do_one;
  int result;     /* Of each. */
  char dir;       /* Where. */
  unsigned start; /* Number of the first. */
};

/* Does PACE for COUNT names of LENGTH bytes; the requests of each PACE names must not become many more. */
static void keep_pace(struct block *disk, const struct pace *pace, int length, unsigned count) {
  char path[PATH_SIZE];
  uint64_t least = UINT64_MAX, most = 0, before = disk->requests;
  for (unsigned i = 0; i < count; i++) {
    make_path(path, pace->dir, length, pace->start + i);
    ASSERT(pace->do_one(path) == pace->result);
    if (i % PACE != PACE - 1) continue;
    uint64_t requests = disk->requests - before;
    before = disk->requests;
    if (requests < least) least = requests;
    if (requests > most) most = requests;
  }
  printf("%s: %llu to %llu requests for %u names\n", pace->what, (unsigned long long)least,
         (unsigned long long)most, PACE);
  if (most > 2 * least + 6 * PACE) abort();
}

/* COUNT names of LENGTH bytes are made, found and removed at one pace. */
static void test_pace(const char *image, int length, unsigned count) {
  static const struct pace paces[] = {
      {"create", create, FS_OK, 'a', 0},    {"create again", create, FS_EEXIST, 'a', 0},
      {"find", look_up, FS_OK, 'a', 0},     {"not there", look_up, FS_ENOENT, 'a', 100000},
      {"remove", take_away, FS_OK, 'a', 0}, {"refill", create, FS_OK, 'a', 50000}};
  struct block *disk = start(image);
  for (unsigned i = 0; i < ARRAY_SIZE(paces); i++) keep_pace(disk, &paces[i], length, count);
  finish(disk);
}

static bool present[2][NAMES_MAX];
static unsigned random_state;

/* A random number below BELOW. */
static unsigned draw(unsigned below) {
  return (unsigned)rand_r(&random_state) % below;
}

/* One random call, which must do what the arrays say. */
static void step(unsigned number, unsigned growth) {
  char path[PATH_SIZE];
  unsigned dir = draw(2), kind = draw(12);
  bool *there = &present[dir][number];
  make_path(path, "ab"[dir], 1 + (int)(number * 7919 % 97) + (number % 50 == 0 ? 150 : 0), number);
  int error = kind < growth ? create(path) : kind < 10 ? take_away(path) : look_up(path);
  if (error == FS_ENOMEM || error == FS_ENOSPC) return;
  if (kind < growth) {
    ASSERT(error == (*there ? FS_EEXIST : FS_OK));
    *there = true;
  } else {
    ASSERT(error == (*there ? FS_OK : FS_ENOENT));
    if (kind < 10) *there = false;
  }
}

/* DIR holds what its array says. */
static void compare(unsigned dir) {
  char name[FS_NAME_MAX + 1], path[3] = {'/', "ab"[dir], '\0'};
  uint32_t position = 0;
  unsigned found = 0, expected = 0;
  struct node *inode;
  ASSERT(fs_lookup(NULL, path, &inode) == FS_OK);
  while (fs_readdir(inode, &position, name) == 1) {
    ASSERT(present[dir][strtoul(name, NULL, 10)]);
    found++;
  }
  node_put(inode);
  for (unsigned i = 0; i < NAMES_MAX; i++) expected += present[dir][i];
  ASSERT(found == expected);
}

/* Random calls; memory is now plenty, now short, now not there. */
static void test_random(const char *image, unsigned steps) {
  static const unsigned pools[] = {0, 40, 60, 160, 160, 160};
  struct block *disk = start(image);
  for (unsigned i = 0; i < steps; i++) {
    if (draw(500) == 0) host_shrink();
    if (draw(500) == 0) host_kernel_pages = pools[draw(ARRAY_SIZE(pools))];
    if (draw(200) == 0) host_alloc_fails_after = 1 + draw(4);
    step(draw(NAMES_MAX), i / 6000 % 2 == 0 ? 8 : 3);
    if (i % 5000 == 4999) compare(draw(2));
  }
  host_alloc_fails_after = 0;
  compare(0);
  compare(1);
  finish(disk);
}

int main(int argc, char **argv) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  host_quiet = true;
  if (argc == 5 && strcmp(argv[1], "pace") == 0) {
    test_pace(argv[2], atoi(argv[3]), (unsigned)atoi(argv[4]));
  } else if (argc == 5 && strcmp(argv[1], "random") == 0) {
    random_state = (unsigned)atoi(argv[3]);
    test_random(argv[2], (unsigned)atoi(argv[4]));
  } else {
    return fprintf(stderr, "usage: see fs_names.c\n"), 2;
  }
  return 0;
}
