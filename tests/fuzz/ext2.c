/* Fuzzing ext2: the input damages an image that mke2fs made, or is one itself, and says what is then
   done with it.  Nothing may crash, go on for ever or stay in memory; a refused image is not written
   to, and one that was not damaged is served in full.

   The input: a byte for the image, one for the order of threads, then steps of 8 bytes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "fs/buffer.h"
#include "fs/ext2.h"
#include "fs/inode.h"
#include "fs/store_ops.h"
#include "fs/sync.h"
#include "fs/volume.h"
#include "kern/memory.h"
#include "lib/round.h"
#include "tests/fuzz/kernel.h"

#define WHOLE_SIZE (64u << 10) /* Of an image that is all in the input. */
#define STEPS_MAX  200
#define HELD_MAX   8
#define PATH_SIZE  600
#define CHUNK      5000
#define DEPTH_MAX  5
#define GROUPS_MAX 2           /* Of the images. */
#define OLD_SIZE   (16u << 10) /* Where superblock and descriptors are. */

/* What a step does: damage first, for all steps, then the calls. */
enum kind {
  DAMAGE_SUPER,
  DAMAGE_GROUP,
  DAMAGE_INODE,
  DAMAGE_BLOCK_BITMAP,
  DAMAGE_INODE_BITMAP,
  DAMAGE_CONTENT,
  DAMAGE_ANYWHERE,
  DAMAGE_POINTER,
  CALL_LOOK,
  CALL_READ,
  CALL_WRITE,
  CALL_CREATE,
  CALL_MKDIR,
  CALL_REMOVE,
  CALL_HOLD,
  CALL_OTHER,
  KINDS
};

struct step {
  uint8_t kind; /* Low bits: an enum kind; then the width, or the name's number. */
  uint8_t which;
  uint16_t place;
  uint32_t value;
};

struct run {
  struct kernel_options options;
  struct image image;
  struct step steps[STEPS_MAX];
  unsigned count;
  bool damaged, refused;
  struct node *held[HELD_MAX];
};

static const char *const names[] = {
    "hello", "empty",    "dir",    "dir/sub", "dir/sub/file", "text",     "holes",   "many",
    "hard",  "to-hello", "to-dir", "new",     "loop",         "absolute", "dir/new", "many/new"};

/* -- Damage ----------------------------------------------------------------------------------- */

/* The image while it is damaged, and its geometry as mke2fs made it. */
struct patient {
  uint8_t *bytes;
  uint32_t size;
  struct ext2_super super;
  uint32_t block_size, groups_at, group_count;
};

/* The descriptor of GROUP. */
static struct ext2_group group_of(const struct patient *p, uint32_t group) {
  struct ext2_group result;
  memcpy(&result, p->bytes + p->groups_at + group * sizeof result, sizeof result);
  return result;
}

/* Where inode NUMBER stands, which may be none. */
static uint32_t inode_place(const struct patient *p, uint32_t number) {
  uint32_t index = number % p->super.inodes_count;
  struct ext2_group group = group_of(p, index / p->super.inodes_per_group);
  return group.inode_table * p->block_size +
         index % p->super.inodes_per_group * p->super.inode_size;
}

/* Where the content of block INDEX of inode NUMBER stands: for a directory its entries, behind the
   direct blocks pointers. */
static uint32_t content_place(const struct patient *p, uint32_t number, uint32_t index) {
  uint32_t at = inode_place(p, number) + offsetof(struct ext2_inode, block) +
                index % EXT2_POINTERS * sizeof(uint32_t);
  uint32_t block;
  if (at > p->size - sizeof block) return 0;
  memcpy(&block, p->bytes + at, sizeof block);
  return block < p->size / p->block_size ? block * p->block_size : 0;
}

/* Where STEP does its damage. */
static uint32_t damage_place(const struct patient *p, const struct step *step) {
  struct ext2_group group = group_of(p, step->which % p->group_count);
  uint32_t in_block = step->place % p->block_size;
  switch (step->kind % KINDS) {
  case DAMAGE_SUPER: return EXT2_SUPER_OFFSET + step->place % 264;
  case DAMAGE_GROUP: return p->groups_at + step->which % p->group_count * 32 + step->place % 20;
  case DAMAGE_INODE: return inode_place(p, step->which) + step->place % EXT2_OLD_INODE_SIZE;
  case DAMAGE_BLOCK_BITMAP: return group.block_bitmap * p->block_size + in_block;
  case DAMAGE_INODE_BITMAP: return group.inode_bitmap * p->block_size + in_block;
  case DAMAGE_CONTENT: return content_place(p, step->which, step->place >> 12) + in_block;
  case DAMAGE_POINTER:
    return inode_place(p, step->which) + offsetof(struct ext2_inode, block) + step->place % 60;
  default: return (uint32_t)step->which << 16 | step->place;
  }
}

/* Damages IMAGE's copy BYTES as RUN's steps say. */
static void damage(struct run *run, uint8_t *bytes) {
  struct patient p = {.bytes = bytes, .size = run->image.size};
  memcpy(&p.super, bytes + EXT2_SUPER_OFFSET, sizeof p.super);
  p.block_size = 1024u << p.super.log_block_size;
  p.groups_at = (p.super.first_data_block + 1) * p.block_size;
  p.group_count = p.super.inodes_count / p.super.inodes_per_group;
  for (unsigned i = 0; i < run->count; i++) {
    const struct step *step = &run->steps[i];
    uint32_t width = 1u << (step->kind >> 4) % 3;
    if (step->kind % KINDS >= CALL_LOOK) continue;
    uint32_t place = damage_place(&p, step);
    if (place > p.size - width) continue;
    memcpy(bytes + place, &step->value, width);
    run->damaged = true;
  }
}

/* -- Calls ------------------------------------------------------------------------------------ */

/* Looks at directory PATH and all below it, and reads what is there. */
static void walk(const char *path, unsigned depth, unsigned *budget) {
  char name[FS_NAME_MAX + 1], below[PATH_SIZE];
  static uint8_t data[CHUNK];
  struct node *inode;
  uint32_t position = 0;
  if (depth > DEPTH_MAX || *budget == 0) return;
  --*budget;
  if (fs_lookup(NULL, path, &inode) != FS_OK) return;
  while (node_is_dir(inode) && *budget > 0 && fs_readdir(inode, &position, name) == 1)
    if (snprintf(below, sizeof below, "%s/%s", path, name) < PATH_SIZE)
      walk(below, depth + 1, budget);
  uint32_t size = node_is_dir(inode) ? 0 : node_size(inode);
  for (uint32_t at = 0; at < MIN(size, 4u * CHUNK); at += CHUNK)
    store_read(inode->store, at, data, CHUNK);
  if (size > 0) store_read(inode->store, size - 1, data, CHUNK);
  node_put(inode);
}

/* Reads or writes file INODE where STEP says. */
static void transfer(struct node *inode, const struct step *step) {
  static uint8_t data[4 * CHUNK];
  uint32_t offset = step->place & 1 ? node_size(inode) : step->value;
  uint32_t size = step->which * 70u;
  if (node_is_dir(inode)) return;
  if (step->kind % KINDS == CALL_READ)
    store_read(inode->store, offset, data, size);
  else if (inode_may_write(node_inode(inode)))
    store_write(inode->store, offset, data, size);
}

/* Takes or gives back a hold on PATH. */
static void hold(struct run *run, const struct step *step, const char *path) {
  struct node **held = &run->held[step->which % HELD_MAX];
  if (*held != NULL) node_put(*held);
  if (*held != NULL || fs_lookup(NULL, path, held) != FS_OK) *held = NULL;
}

/* What has no path: caches, syncing, failures to come. */
static void call_other(const struct run *run, const struct step *step) {
  struct node *held = run->held[step->which % HELD_MAX];
  unsigned budget = 20;
  switch (step->place % 6) {
  case 0: fs_sync(); break;
  case 1: fs_drop_caches(); break;
  case 2: kernel_disk.fail_after = step->value % 64; break;
  case 3: kernel_alloc_fails_after = step->value % 32; break;
  case 4:
    if (held != NULL) inode_sync(node_inode(held));
    break;
  default: walk("/", 0, &budget); break;
  }
}

/* Does the call STEP. */
static void call(struct run *run, const struct step *step) {
  const char *path = names[(step->kind >> 4) % ARRAY_SIZE(names)];
  struct node *inode;
  switch (step->kind % KINDS) {
  case CALL_CREATE: fs_create(NULL, path, step->value); break;
  case CALL_MKDIR: fs_mkdir(NULL, path); break;
  case CALL_REMOVE: fs_remove(NULL, path); break;
  case CALL_HOLD: hold(run, step, path); break;
  case CALL_OTHER: call_other(run, step); break;
  case CALL_LOOK:
  case CALL_READ:
  case CALL_WRITE:
    if (fs_lookup(NULL, path, &inode) != FS_OK) break;
    transfer(inode, step);
    node_put(inode);
    break;
  default: break;
  }
}

/* Mounts, does RUN's calls, and walks through all that is left. */
static void serve(struct run *run) {
  unsigned budget = 300;
  run->refused = fs_mount(&kernel_disk.block) != FS_OK;
  if (run->refused) return;
  for (unsigned i = 0; i < run->count; i++)
    if (run->steps[i].kind % KINDS >= CALL_LOOK) call(run, &run->steps[i]);
  walk("/", 0, &budget);
  for (unsigned i = 0; i < HELD_MAX; i++)
    if (run->held[i] != NULL && i % 2 == 0) {
      node_put(run->held[i]);
      run->held[i] = NULL;
    }
}

/* Frees what fs_unmount() left to those who still used inodes. */
static void free_left(void) {
  if (volume.groups == NULL) return;
  lock_acquire(&volume.names_lock);
  inode_drop_unused(0);
  lock_release(&volume.names_lock);
  buffer_cache_destroy();
  store_ops_destroy();
  kfree(volume.groups);
}

/* Unmounts, with half of what was held still in use, as at a power-off; it can be read on. */
static void end(struct run *run) {
  static uint8_t data[CHUNK];
  fs_unmount();
  for (unsigned i = 0; i < HELD_MAX; i++) {
    struct node *inode = run->held[i];
    if (inode == NULL) continue;
    if (!node_is_dir(inode)) store_read(inode->store, 0, data, sizeof data);
    node_put(inode);
  }
  free_left();
}

/* Looks at an image that was not damaged, before anything is done to it. */
static void read_good(void) {
  char text[64];
  struct node *inode;
  ASSERT(fs_mount(&kernel_disk.block) == FS_OK);
  ASSERT(fs_lookup(NULL, "to-hello", &inode) == FS_OK);
  ASSERT(store_read(inode->store, 0, text, sizeof text) == 42);
  ASSERT(memcmp(text, "hello\nhello\n", 12) == 0);
  node_put(inode);
  fs_unmount();
}

/* Forgets in SUPER and the descriptors GROUPS what a volume that is in use changes. */
static void forget_counts(struct ext2_super *super, struct ext2_group *groups, uint32_t count) {
  super->free_blocks_count = super->free_inodes_count = 0;
  super->mount_time = super->write_time = 0;
  super->mount_count = super->state = 0;
  for (uint32_t i = 0; i < count; i++)
    groups[i].free_blocks_count = groups[i].free_inodes_count = groups[i].used_dirs_count = 0;
}

/* Whether superblock and descriptors are now, but for counts, as they were in OLD, the disk before it
   was mounted: nothing that is done to files may change them, however damaged the volume is. */
static bool geometry_is_kept(const uint8_t *old) {
  struct ext2_super super[2];
  struct ext2_group groups[2][GROUPS_MAX];
  for (unsigned i = 0; i < 2; i++) {
    const uint8_t *bytes = i == 0 ? old : kernel_disk.bytes;
    memcpy(&super[i], bytes + EXT2_SUPER_OFFSET, sizeof super[i]);
    uint32_t at = (super[0].first_data_block + 1) * (1024u << super[0].log_block_size);
    memcpy(groups[i], bytes + at, sizeof groups[i]);
    forget_counts(&super[i], groups[i], GROUPS_MAX);
  }
  return memcmp(&super[0], &super[1], sizeof super[0]) == 0 &&
         memcmp(groups[0], groups[1], sizeof groups[0]) == 0;
}

/* Takes the image and the steps out of DATA. */
static void parse(struct run *run, struct input *input) {
  unsigned number = input_byte(input);
  run->options.seed = input_byte(input);
  if (number % 8 < image_count) {
    run->image = images[number % 8];
    while (input->left > 0 && run->count < STEPS_MAX) {
      struct step *step = &run->steps[run->count++];
      step->kind = input_byte(input);
      step->which = input_byte(input);
      step->place = input_byte(input);
      step->place |= input_byte(input) << 8;
      step->value = input_word(input);
    }
    return;
  }
  static uint8_t whole[WHOLE_SIZE];
  memset(whole, 0, sizeof whole);
  memcpy(whole + EXT2_SUPER_OFFSET, input->bytes, MIN(input->left, WHOLE_SIZE - EXT2_SUPER_OFFSET));
  run->image = (struct image){whole, WHOLE_SIZE};
  run->damaged = true;
}

/* Serves the image DATA. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static struct run run;
  static uint8_t old[OLD_SIZE];
  run = (struct run){0};
  parse(&run, &(struct input){data, size});
  run.options.image = &run.image;
  system_start(&run.options);
  if (run.count > 0) damage(&run, kernel_disk.bytes);
  if (!run.damaged) read_good();
  uint32_t writes = kernel_disk.writes;
  memcpy(old, kernel_disk.bytes, sizeof old);
  serve(&run);
  ASSERT(!run.refused || (run.damaged && kernel_disk.writes == writes));
  if (!run.refused) end(&run);
  ASSERT(run.refused || geometry_is_kept(old));
  system_finish();
  return 0;
}
