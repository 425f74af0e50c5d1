/* Tests of fs/ on the host.

   fs_test model IMAGE SEED STEPS [EXPORT]   random calls against a model; the model's tree is copied
                                             to the new folder EXPORT
   fs_test threads IMAGE SEED STEPS          the same by four threads, each in its own directory
   fs_test sync IMAGE SEED STEPS             directories come and go while all is being synced
   fs_test walk IMAGE SEED                   looks at all there is, and changes some: for damaged images
   fs_test look IMAGE                        the same without changes
   fs_test verify IMAGE FOLDER               everything in FOLDER must be in the image, byte by byte
   fs_test faults IMAGE SEED STEPS           random calls with errors of the disk and of memory
   fs_test log IMAGE SEED STEPS LOG          random calls; LOG gets every write to the disk
   fs_test far IMAGE                         blocks behind one, two and three levels of pointers
   fs_test fresh IMAGE SEED                  files whose tables are on disk before their content; ends
                                             without unmounting
   fs_test undo IMAGE                        a reservation is undone while a write-back is under way
   fs_test full IMAGE                        fills the disk, by blocks and by inodes, and empties it */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "fs_host.h"
#include "fs/store_ops.h"
#include "fs/sync.h"
#include "lib/round.h"
#include "vm/error.h"
#include "vm/sync.h"

#define CHECK(COND)                                                                                \
  do {                                                                                             \
    if (!(COND)) fail(__LINE__, #COND);                                                            \
  } while (0)

/* Says which check failed, and ends. */
static _Noreturn void fail(int line, const char *what) {
  fflush(stdout);
  fprintf(stderr, "fs_test.c:%d: failed: %s\n", line, what);
  abort();
}

/* -- The model -------------------------------------------------------------------------------- */

#define NODES_MAX  160
#define PATH_SIZE  1024
#define CHUNK_MAX  20000
#define OFFSET_MAX 300000

/* A file or a directory as it should be. */
struct known {
  bool used, is_dir, removed;
  char path[PATH_SIZE];
  int content; /* A file of the host with the same bytes. */
  uint32_t size;
  struct node *opened; /* Held. */
};

struct model {
  struct known nodes[NODES_MAX];
  const char *prefix; /* All happens below this directory. */
  unsigned random, steps;
  bool faults; /* Calls may fail for reasons that the model does not know. */
};

/* A random number below BELOW. */
static unsigned draw(struct model *model, unsigned below) {
  return (unsigned)rand_r(&model->random) % below;
}

/* A random node that is a directory (or a file), not removed; NULL if there is none. */
static struct known *pick(struct model *model, bool is_dir) {
  for (unsigned tries = 0; tries < 4 * NODES_MAX; tries++) {
    struct known *node = &model->nodes[draw(model, NODES_MAX)];
    if (node->used && node->is_dir == is_dir) return node;
  }
  return NULL;
}

/* The node called PATH, or NULL. */
static struct known *find_node(struct model *model, const char *path) {
  for (struct known *node = model->nodes; node < model->nodes + NODES_MAX; node++)
    if (node->used && !node->removed && strcmp(node->path, path) == 0) return node;
  return NULL;
}

/* A node that is not in use, or NULL. */
static struct known *free_node(struct model *model) {
  for (struct known *node = model->nodes; node < model->nodes + NODES_MAX; node++)
    if (!node->used) return node;
  return NULL;
}

/* A random name in a random directory. */
static void make_path(struct model *model, char *path) {
  struct known *dir = draw(model, 3) == 0 ? NULL : pick(model, true);
  const char *parent = dir != NULL && strlen(dir->path) < 600 ? dir->path : model->prefix;
  unsigned kind = draw(model, 20), number = draw(model, 40);
  int length;
  if (kind == 0)
    length = snprintf(path, PATH_SIZE, "%s/%0*u", parent, FS_NAME_MAX, number);
  else if (kind < 4)
    length = snprintf(path, PATH_SIZE, "%s/%0*u", parent, 1 + (int)draw(model, 200), number);
  else
    length = snprintf(path, PATH_SIZE, "%s/f%u", parent, number);
  CHECK(length < PATH_SIZE);
}

/* Whether RESULT is one that the call may give besides those that the model expects. */
static bool excused(const struct model *model, long result) {
  if (result == FS_ENOSPC || result == VM_ENOSPC) return true;
  return model->faults && result < 0;
}

/* Creates a file or a directory. */
static void do_create(struct model *model) {
  char path[PATH_SIZE];
  make_path(model, path);
  bool is_dir = draw(model, 4) == 0;
  uint32_t size = draw(model, 3) == 0 ? draw(model, OFFSET_MAX) : 0;
  struct known *old = find_node(model, path), *node = free_node(model);
  if (node == NULL) return;
  int error = is_dir ? fs_mkdir(NULL, path) : fs_create(NULL, path, size);
  if (excused(model, error)) return;
  CHECK(error == (old != NULL ? FS_EEXIST : FS_OK));
  if (error != FS_OK) return;
  *node = (struct known){.used = true, .is_dir = is_dir, .size = is_dir ? 0 : size};
  strcpy(node->path, path);
  node->content = is_dir ? -1 : memfd_create("content", 0);
  if (!is_dir) CHECK(ftruncate(node->content, size) == 0);
}

/* Holds NODE's inode. */
static bool open_node(struct model *model, struct known *node) {
  if (node->opened != NULL) return true;
  int error = fs_lookup(NULL, node->path, &node->opened);
  if (error != FS_OK) node->opened = NULL;
  CHECK(error == FS_OK || excused(model, error));
  if (error == FS_OK && !model->faults)
    CHECK(node->is_dir || node_size(node->opened) == node->size);
  return error == FS_OK;
}

/* Gives NODE back; a removed one is gone then. */
static void close_node(struct known *node) {
  if (node->opened != NULL) node_put(node->opened);
  node->opened = NULL;
  if (!node->removed) return;
  if (!node->is_dir) close(node->content);
  node->used = false;
}

/* Writes to a file. */
static void do_write(struct model *model) {
  struct known *node = pick(model, false);
  uint8_t data[CHUNK_MAX];
  if (node == NULL || !open_node(model, node)) return;
  uint32_t offset = draw(model, 2) == 0 ? node->size : draw(model, OFFSET_MAX);
  if (offset > OFFSET_MAX) offset = draw(model, OFFSET_MAX);
  uint32_t size = 1 + draw(model, draw(model, 2) == 0 ? 200 : CHUNK_MAX);
  for (uint32_t i = 0; i < size; i++) data[i] = (uint8_t)rand_r(&model->random);
  long done = store_write(node->opened->store, offset, data, size);
  CHECK(done > 0 || excused(model, done));
  if (done <= 0) return;
  CHECK(done == (long)size || !model->faults || done < (long)size);
  CHECK(pwrite(node->content, data, (size_t)done, offset) == done);
  if (offset + done > node->size) node->size = offset + (uint32_t)done;
  CHECK(node_size(node->opened) == node->size);
}

/* Reads from a file and compares. */
static void do_read(struct model *model) {
  struct known *node = pick(model, false);
  uint8_t data[CHUNK_MAX], expected[CHUNK_MAX];
  if (node == NULL || !open_node(model, node)) return;
  uint32_t offset = draw(model, OFFSET_MAX), size = draw(model, CHUNK_MAX);
  long done = store_read(node->opened->store, offset, data, size);
  if (done < 0 && excused(model, done)) return;
  long wanted = pread(node->content, expected, size, offset);
  if (model->faults) return;
  CHECK(done == wanted);
  CHECK(memcmp(data, expected, (size_t)done) == 0);
}

/* Whether the model has something in directory NODE. */
static bool has_children(struct model *model, const struct known *dir) {
  size_t length = strlen(dir->path);
  for (struct known *node = model->nodes; node < model->nodes + NODES_MAX; node++)
    if (node->used && !node->removed && strncmp(node->path, dir->path, length) == 0 &&
        node->path[length] == '/')
      return true;
  return false;
}

/* Removes a file or a directory, open or not. */
static void do_remove(struct model *model) {
  struct known *node = pick(model, draw(model, 3) == 0);
  if (node == NULL || node->removed) return;
  int expected =
      node->is_dir && (has_children(model, node) || node->opened != NULL) ? FS_ENOTEMPTY : FS_OK;
  int error = fs_remove(NULL, node->path);
  if (model->faults && error < 0) return;
  CHECK(error == expected);
  if (error != FS_OK) return;
  node->removed = true;
  if (node->opened == NULL || draw(model, 2) == 0) close_node(node);
}

/* Compares a directory's entries with the model's. */
static void do_list(struct model *model) {
  struct known *dir = pick(model, true);
  char name[FS_NAME_MAX + 1], path[PATH_SIZE];
  unsigned found = 0, expected = 0;
  uint32_t position = 0;
  if (dir == NULL || dir->removed || !open_node(model, dir)) return;
  int result;
  while ((result = fs_readdir(dir->opened, &position, name)) == 1) {
    int length = snprintf(path, sizeof path, "%s/%s", dir->path, name);
    CHECK(length < PATH_SIZE);
    CHECK(model->faults || find_node(model, path) != NULL);
    found++;
  }
  CHECK(result == 0 || model->faults);
  size_t length = strlen(dir->path);
  for (struct known *node = model->nodes; node < model->nodes + NODES_MAX; node++)
    expected += node->used && !node->removed && strncmp(node->path, dir->path, length) == 0 &&
                node->path[length] == '/' && strchr(node->path + length + 1, '/') == NULL;
  CHECK(model->faults || found == expected);
  close_node(dir);
}

/* One random call. */
static void step(struct model *model) {
  unsigned kind = draw(model, 100);
  struct known *node;
  if (kind < 20)
    do_create(model);
  else if (kind < 50)
    do_write(model);
  else if (kind < 70)
    do_read(model);
  else if (kind < 84)
    do_remove(model);
  else if (kind < 90)
    do_list(model);
  else if (kind < 97 && (node = pick(model, kind < 92)) != NULL) {
    if (node->opened != NULL)
      close_node(node);
    else if (!node->removed)
      open_node(model, node);
  } else if (kind == 97)
    fs_drop_caches();
  else if (kind == 98)
    fs_sync();
  else if (kind == 99 && (node = pick(model, false)) != NULL && open_node(model, node))
    inode_sync(node_inode(node->opened));
}

/* Closes everything. */
static void close_all(struct model *model) {
  for (struct known *node = model->nodes; node < model->nodes + NODES_MAX; node++)
    if (node->used) close_node(node);
}

/* Compares all files with the model. */
static void verify(struct model *model) {
  for (struct known *node = model->nodes; node < model->nodes + NODES_MAX; node++) {
    uint8_t data[CHUNK_MAX], expected[CHUNK_MAX];
    if (!node->used || node->removed || !open_node(model, node)) continue;
    CHECK(node_is_dir(node->opened) == node->is_dir);
    for (uint32_t at = 0; !node->is_dir && at < node->size; at += CHUNK_MAX) {
      long done = store_read(node->opened->store, at, data, CHUNK_MAX);
      CHECK(done == pread(node->content, expected, CHUNK_MAX, at));
      CHECK(memcmp(data, expected, (size_t)done) == 0);
    }
    close_node(node);
  }
}

/* Copies the model's tree to the new folder PATH. */
static void export_tree(struct model *model, const char *path) {
  CHECK(mkdir(path, 0755) == 0);
  for (struct known *node = model->nodes; node < model->nodes + NODES_MAX; node++) {
    char target[2 * PATH_SIZE], command[3 * PATH_SIZE];
    if (!node->used || node->removed) continue;
    CHECK(snprintf(target, sizeof target, "%s%s", path, node->path) < 2 * PATH_SIZE);
    *strrchr(target, '/') = '\0';
    CHECK(snprintf(command, sizeof command, "mkdir -p %s", target) < 3 * PATH_SIZE);
    CHECK(system(command) == 0);
    CHECK(snprintf(target, sizeof target, "%s%s", path, node->path) < 2 * PATH_SIZE);
    if (node->is_dir) {
      mkdir(target, 0755);
      continue;
    }
    uint8_t *content = malloc(node->size + 1);
    CHECK(pread(node->content, content, node->size, 0) == (ssize_t)node->size);
    FILE *file = fopen(target, "w");
    CHECK(file != NULL && fwrite(content, 1, node->size, file) == node->size);
    fclose(file);
    free(content);
  }
}

/* -- Tests ------------------------------------------------------------------------------------ */

static struct model model;

/* Mounts, or ends with status 3. */
static struct block *mount(const char *image) {
  struct block *disk = host_disk_open(image);
  if (fs_mount(disk) == FS_OK) return disk;
  CHECK(host_allocations() == 0);
  exit(3);
}

/* The opposite. */
static void unmount(struct block *disk) {
  fs_unmount();
  host_disk_close(disk);
}

/* Random calls; from time to time all is mounted anew and compared. */
static void test_model(const char *image, unsigned steps, const char *export) {
  struct block *disk = mount(image);
  for (unsigned i = 0; i < steps; i++) {
    step(&model);
    if (i % 1000 != 999) continue;
    close_all(&model);
    unmount(disk);
    CHECK(host_allocations() == 0 && host_pages() == 0);
    disk = mount(image);
    verify(&model);
  }
  if (export != NULL) export_tree(&model, export);
  unmount(disk); /* With files open, some of them removed. */
}

/* Random calls in one thread. */
static void *run_thread(void *aux) {
  struct model *own = aux;
  for (unsigned i = 0; i < own->steps; i++) step(own);
  verify(own);
  close_all(own);
  return NULL;
}

/* Four of them. */
static void test_threads(const char *image, unsigned steps) {
  static struct model models[4];
  static const char *const prefixes[] = {"/t0", "/t1", "/t2", "/t3"};
  pthread_t threads[4];
  struct block *disk = mount(image);
  for (unsigned i = 0; i < 4; i++) {
    models[i] = (struct model){.prefix = prefixes[i], .random = model.random + i};
    CHECK(fs_mkdir(NULL, prefixes[i]) == FS_OK);
    models[i].steps = steps;
    CHECK(pthread_create(&threads[i], NULL, run_thread, &models[i]) == 0);
  }
  for (unsigned i = 0; i < 4; i++) pthread_join(threads[i], NULL);
  unmount(disk);
  CHECK(host_allocations() == 0);
}

static atomic_bool stop_syncing;

/* Puts all on disk, again and again. */
static void *sync_all(void *unused) {
  (void)unused;
  while (!atomic_load(&stop_syncing)) CHECK(fs_sync() == FS_OK);
  return NULL;
}

/* Directories are made and removed while another thread syncs: who only syncs has nothing open. */
static void test_sync(const char *image, unsigned steps) {
  pthread_t syncer;
  struct block *disk = mount(image);
  CHECK(pthread_create(&syncer, NULL, sync_all, NULL) == 0);
  for (unsigned i = 0; i < steps; i++) {
    CHECK(fs_mkdir(NULL, "/dir") == FS_OK);
    CHECK(fs_remove(NULL, "/dir") == FS_OK);
  }
  atomic_store(&stop_syncing, true);
  pthread_join(syncer, NULL);
  unmount(disk);
}

static bool only_look; /* walk() changes nothing. */

/* Looks at directory PATH and all below it. */
static void walk(const char *path, unsigned depth, unsigned *budget) {
  char name[FS_NAME_MAX + 1], below[PATH_SIZE];
  uint8_t data[CHUNK_MAX];
  struct node *inode;
  if (depth > 6 || *budget == 0) return;
  --*budget;
  if (fs_lookup(NULL, path, &inode) != FS_OK) return;
  uint32_t position = 0;
  while (node_is_dir(inode) && *budget > 0 && fs_readdir(inode, &position, name) == 1) {
    if (snprintf(below, sizeof below, "%s/%s", path, name) < PATH_SIZE)
      walk(below, depth + 1, budget);
  }
  uint32_t size = node_is_dir(inode) ? 0 : MIN(node_size(inode), 5000000);
  for (uint32_t at = 0; at < size; at += CHUNK_MAX) store_read(inode->store, at, data, CHUNK_MAX);
  if (size > 0 && !only_look && draw(&model, 2) == 0)
    store_write(inode->store, size / 2, data, 5000);
  node_put(inode);
  if (!only_look && draw(&model, 3) == 0) fs_remove(NULL, path);
}

/* Goes through a damaged image: nothing may crash, loop or leak. */
static void test_walk(const char *image) {
  unsigned budget = 300;
  struct block *disk = mount(image);
  walk("", 0, &budget);
  walk("/", 0, &budget);
  for (unsigned i = 0; i < 50; i++) {
    char path[32];
    snprintf(path, sizeof path, "/new%u", i);
    fs_create(NULL, path, 5000 * i);
    fs_mkdir(NULL, path);
  }
  budget = 300;
  walk("/", 0, &budget);
  unmount(disk);
  CHECK(host_allocations() == 0);
}

/* Looks at all there is in a damaged image. */
static void test_look(const char *image) {
  unsigned budget = 600;
  struct block *disk = mount(image);
  only_look = true;
  walk("/", 0, &budget);
  unmount(disk);
  CHECK(host_allocations() == 0);
}

/* Whether file PATH is, byte by byte, the host's file LIKE. */
static void verify_file(const char *path, const char *like) {
  uint8_t data[CHUNK_MAX], expected[CHUNK_MAX];
  struct node *inode;
  struct stat status;
  int file = open(like, O_RDONLY);
  CHECK(file >= 0 && fstat(file, &status) == 0);
  printf("%s\n", path);
  CHECK(fs_lookup(NULL, path, &inode) == FS_OK && !node_is_dir(inode));
  CHECK(node_size(inode) == status.st_size);
  for (uint32_t at = 0; at < status.st_size; at += CHUNK_MAX) {
    long size = pread(file, expected, CHUNK_MAX, at);
    CHECK(store_read(inode->store, at, data, CHUNK_MAX) == size);
    CHECK(memcmp(data, expected, (size_t)size) == 0);
  }
  node_put(inode);
  close(file);
}

/* Whether directory PATH has all that the host's folder LIKE has; its symbolic links at least by
   number. */
static void verify_folder(const char *path, const char *like) {
  char name[FS_NAME_MAX + 1], below[PATH_SIZE], like_below[2 * PATH_SIZE];
  unsigned found = 0, expected = 0;
  uint32_t position = 0;
  struct node *inode;
  DIR *folder = opendir(like);
  CHECK(folder != NULL && fs_lookup(NULL, path, &inode) == FS_OK);
  while (fs_readdir(inode, &position, name) == 1) found++;
  node_put(inode);
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    expected++;
    CHECK(snprintf(below, sizeof below, "%s/%s", path, entry->d_name) < PATH_SIZE);
    CHECK(snprintf(like_below, sizeof like_below, "%s/%s", like, entry->d_name) < 2 * PATH_SIZE);
    if (entry->d_type == DT_DIR) verify_folder(below, like_below);
    if (entry->d_type == DT_REG) verify_file(below, like_below);
  }
  CHECK(found >= expected);
  closedir(folder);
}

/* Compares an image with a folder. */
static void test_verify(const char *image, const char *folder) {
  struct block *disk = mount(image);
  verify_folder("/", folder);
  unmount(disk);
}

/* Errors of disk and memory. */
static void test_faults(const char *image, unsigned steps) {
  struct block *disk = mount(image);
  model.faults = true;
  for (unsigned i = 0; i < steps; i++) {
    if (draw(&model, 20) == 0)
      host_faults = (struct host_faults){draw(&model, 20), draw(&model, 20), 1 + draw(&model, 3)};
    if (draw(&model, 20) == 0) host_alloc_fails_after = 1 + draw(&model, 4);
    step(&model);
  }
  close_all(&model);
  unmount(disk);
}

/* Random calls, all writes logged. */
static void test_log(const char *image, unsigned steps, const char *path) {
  struct block *disk = mount(image);
  host_write_log = fopen(path, "w");
  for (unsigned i = 0; i < steps; i++) step(&model);
  unmount(disk);
  fclose(host_write_log);
}

/* Writes and reads a little at offsets of every kind of block. */
static void test_far(const char *image) {
  static const uint32_t offsets[] = {0,       11 * 1024, 12 * 1024 - 1,   48 * 1024, 268 * 1024,
                                     4 << 20, 67383296,  67383296 + 4096, 500 << 20, 0x7ffffff0};
  struct block *disk = mount(image);
  struct node *inode;
  char data[16], back[16];
  CHECK(fs_create(NULL, "far", 0) == FS_OK);
  for (int round = 0; round < 2; round++) {
    CHECK(fs_lookup(NULL, "far", &inode) == FS_OK);
    for (unsigned i = 0; i < ARRAY_SIZE(offsets); i++) {
      uint32_t size = MIN(16, 0x7fffffffu - offsets[i]);
      snprintf(data, sizeof data, "%015x", offsets[i]);
      if (round == 0) CHECK(store_write(inode->store, offsets[i], data, size) == (long)size);
      CHECK(store_read(inode->store, offsets[i], back, size) == (long)size);
      CHECK(memcmp(data, back, size) == 0);
      if (round == 1) CHECK(store_read(inode->store, offsets[i] / 2 + 3000, back, 1) == 1);
    }
    CHECK(store_write(inode->store, 0x7fffffff, data, 1) == VM_ENOSPC);
    CHECK(node_size(inode) == 0x7fffffff);
    node_put(inode);
    unmount(disk);
    disk = mount(image);
  }
  if (draw(&model, 2) == 0) CHECK(fs_remove(NULL, "far") == FS_OK);
  unmount(disk);
}

/* Fills the disk with DIR's files, by SIZE bytes each; returns how many there is room for. */
static unsigned fill(const char *dir, uint32_t size) {
  static uint8_t data[1 << 20];
  unsigned count = 0;
  CHECK(fs_mkdir(NULL, dir) == FS_OK);
  for (;; count++) {
    char path[64];
    struct node *inode;
    snprintf(path, sizeof path, "%s/file-with-a-rather-long-name-%u", dir, count);
    int error = fs_create(NULL, path, 0);
    if (error == FS_ENOSPC) break;
    CHECK(error == FS_OK && fs_lookup(NULL, path, &inode) == FS_OK);
    long done = size > 0 ? store_write(inode->store, 0, data, size) : 0;
    uint32_t length = node_size(inode);
    CHECK(done == (long)length || (done == VM_ENOSPC && length == 0));
    node_put(inode);
    if (done < (long)size) break;
  }
  CHECK(fs_create(NULL, "too-large", 100 << 20) == FS_ENOSPC);
  if (size == 0) CHECK(fs_mkdir(NULL, "/full") == FS_ENOSPC);
  return count;
}

/* Removes DIR with its files. */
static void empty(const char *dir) {
  char path[PATH_SIZE], name[FS_NAME_MAX + 1];
  uint32_t position = 0;
  struct node *inode;
  CHECK(fs_lookup(NULL, dir, &inode) == FS_OK);
  while (fs_readdir(inode, &position, name) == 1) {
    snprintf(path, sizeof path, "%s/%s", dir, name);
    CHECK(fs_remove(NULL, path) == FS_OK);
  }
  node_put(inode);
  CHECK(fs_remove(NULL, dir) == FS_OK);
}

/* Fills and empties the disk three times: there must be the same room each time. */
static void test_full(const char *image) {
  struct block *disk = mount(image);
  for (unsigned i = 0; i < 3; i++) {
    static unsigned first[2];
    unsigned blocks = fill("/blocks", 300000);
    CHECK(blocks > 0);
    empty("/blocks");
    unsigned inodes = fill("/inodes", 0);
    CHECK(inodes > 0);
    if (i < 2) empty("/inodes");
    if (i > 0) CHECK(blocks == first[0] && inodes == first[1]);
    first[0] = blocks;
    first[1] = inodes;
  }
  unmount(disk);
}

/* Makes NAME of COUNT pieces of 1000 bytes VALUE, every STEP bytes; it is held. */
static struct node *write_pieces(const char *name, unsigned count, unsigned step, uint8_t value) {
  uint8_t piece[1000];
  struct node *inode;
  memset(piece, value, sizeof piece);
  CHECK(fs_create(NULL, name, 0) == FS_OK && fs_lookup(NULL, name, &inode) == FS_OK);
  for (unsigned i = 0; i < count; i++)
    CHECK(store_write(inode->store, i * step, piece, sizeof piece) == sizeof piece);
  return inode;
}

/* Leaves a disk where blocks that once held bytes 0xee belong to files with bytes 0x11, of which some
   were never written: holes filled, a run of which some pages were, many small files, and one that
   was synced. */
static void test_fresh(const char *image) {
  mount(image);
  struct node *old = write_pieces("old", 2500, 1000, 0xee);
  CHECK(inode_sync(node_inode(old)) == FS_OK && fs_remove(NULL, "old") == FS_OK);
  node_put(old);
  struct node *run = write_pieces("run", 600, 1000, 0x11);
  host_cache_pages = 4000;
  struct node *holes = write_pieces("holes", 200, 9000, 0x11);
  struct node *small[200];
  for (unsigned i = 0; i < ARRAY_SIZE(small); i++) {
    char name[16];
    snprintf(name, sizeof name, "small%u", i);
    small[i] = write_pieces(name, 1, 0, 0x11);
  }
  struct node *whole = write_pieces("whole", 50, 1000, 0x11);
  CHECK(sync_tables(node_inode(run)) == FS_OK && sync_tables(node_inode(holes)) == FS_OK &&
        inode_sync(node_inode(whole)) == FS_OK);
  for (unsigned i = 0; i < ARRAY_SIZE(small); i++)
    CHECK(sync_tables(node_inode(small[i])) == FS_OK);
}

/* Of test_undo(): a thread that writes page UNDO_PAGE of a file. */
#define UNDO_PAGE       2
#define UNDO_PATIENCE_S 1
static struct {
  struct node *inode;
  pthread_t main, writer;
  sem_t begun, go;
} undo_case;

/* Writes the page, all 0x22, as a write-back does. */
static void *write_page(void *unused) {
  uint8_t page[4096];
  void *const memory[] = {page};
  (void)unused;
  memset(page, 0x22, sizeof page);
  CHECK(inode_store_ops.write(undo_case.inode->store, UNDO_PAGE, 1, memory) == VM_OK);
  return NULL;
}

/* Where the file is to get its block of pointers, which is going to fail, the writer starts.  It has found
   the two blocks that the file has got just before, and gets as far as the disk with the one that stands
   elsewhere.  There it waits for another file to have been written; for a while only, because that may have
   to wait for the writer. */
static void pause_write(void) {
  if (pthread_equal(pthread_self(), undo_case.main)) {
    if (undo_case.writer != 0) return;
    CHECK(pthread_create(&undo_case.writer, NULL, write_page, NULL) == 0);
    CHECK(sem_wait(&undo_case.begun) == 0);
  } else {
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += UNDO_PATIENCE_S;
    CHECK(sem_post(&undo_case.begun) == 0);
    sem_timedwait(&undo_case.go, &end);
  }
}

/* A reservation fails half way while a write-back has found a block that it takes back: what is written
   there must not land in the file that gets the block next. */
static void test_undo(const char *image) {
  uint8_t content[16384] = {0};
  struct block *disk = mount(image);
  CHECK(sem_init(&undo_case.begun, 0, 0) == 0 && sem_init(&undo_case.go, 0, 0) == 0);
  undo_case.main = pthread_self();
  CHECK(fs_create(NULL, "holes", 65536) == FS_OK);
  CHECK(fs_lookup(NULL, "holes", &undo_case.inode) == FS_OK);
  CHECK(store_write(undo_case.inode->store, 8192, content, 1024) == 1024);
  node_put(write_pieces("between", 1, 0, 0x11));
  CHECK(fs_sync() == FS_OK);
  host_before_write = pause_write;
  host_faults.write_after = 1;
  CHECK(inode_store_ops.reserve(undo_case.inode->store, 10240, 4096, false) == VM_EIO);
  host_before_write = NULL;
  struct node *other = write_pieces("other", 16, 1000, 0x33);
  CHECK(store_sync(other->store) == VM_OK);
  CHECK(sem_post(&undo_case.go) == 0 && pthread_join(undo_case.writer, NULL) == 0);
  store_purge(other->store);
  store_init(other->store, &inode_store_ops, 16000);
  CHECK(store_read(other->store, 0, content, sizeof content) == 16000);
  for (unsigned i = 0; i < 16000; i++) CHECK(content[i] == 0x33);
  node_put(other);
  node_put(undo_case.inode);
  unmount(disk);
}

int main(int argc, char **argv) {
  const char *what = argc > 2 ? argv[1] : "", *image = argv[2];
  unsigned steps = argc > 4 ? (unsigned)atoi(argv[4]) : 0;
  model.prefix = "";
  model.random = argc > 3 ? (unsigned)atoi(argv[3]) : 1;
  setvbuf(stdout, NULL, _IOLBF, 0);
  if (strcmp(what, "model") == 0)
    test_model(image, steps, argc > 5 ? argv[5] : NULL);
  else if (strcmp(what, "threads") == 0)
    test_threads(image, steps);
  else if (strcmp(what, "sync") == 0)
    test_sync(image, steps);
  else if (strcmp(what, "walk") == 0)
    test_walk(image);
  else if (strcmp(what, "look") == 0)
    test_look(image);
  else if (strcmp(what, "verify") == 0 && argc > 3)
    test_verify(image, argv[3]);
  else if (strcmp(what, "faults") == 0)
    test_faults(image, steps);
  else if (strcmp(what, "log") == 0 && argc > 5)
    test_log(image, steps, argv[5]);
  else if (strcmp(what, "far") == 0)
    test_far(image);
  else if (strcmp(what, "fresh") == 0)
    test_fresh(image);
  else if (strcmp(what, "undo") == 0)
    test_undo(image);
  else if (strcmp(what, "full") == 0)
    test_full(image);
  else
    return fprintf(stderr, "usage: see fs_test.c\n"), 2;
  return 0;
}
