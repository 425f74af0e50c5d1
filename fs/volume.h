/* The one mounted volume: its geometry, its superblock and group descriptors, its locks.

   - Checked once by volume_check(); the rest of fs/ relies on the geometry.
   - The counts in `super` and `groups` are changed by balloc.c only, under `alloc_lock`.
   - Locks in the order of their ranks: names_lock (all that reads or changes directories, and all
     that brings an inode into memory; never while content is written or the disk flushed), an
     inode's lock, alloc_lock, the buffer cache's own. */
#ifndef FS_VOLUME_H
#define FS_VOLUME_H

#include <stdbool.h>
#include <stdint.h>
#include "fs/ext2.h"
#include "kern/sync.h"

struct block;
struct inode;

#define VOLUME_LINE_SIZE 160 /* Of a line about the volume. */

struct volume {
  /* Fixed while mounted. */
  struct block *device;
  uint32_t block_size;
  uint32_t block_shift;    /* Block size is 1 << this. */
  uint32_t block_sectors;  /* Sectors in a block. */
  uint32_t pointers_shift; /* Pointers in a block are 1 << this. */
  uint32_t inode_size;
  uint32_t first_inode; /* The first that is not reserved. */
  uint32_t group_count;
  uint32_t descriptor_blocks; /* Blocks of group descriptors. */
  uint32_t table_blocks;      /* Blocks of one group's inode table. */
  uint32_t last_use;          /* Seconds since 1970: when the volume was used before. */
  struct inode *root;
  /* names_lock. */
  bool mounted;
  /* Change at most once while mounted. */
  bool read_only; /* To true. */
  bool was_clean; /* Marked valid when it was mounted, and nothing was lost since: to false. */
  /* alloc_lock. */
  struct ext2_super super;
  struct ext2_group *groups;
  uint32_t promised; /* Free blocks that block_promise() gave away already. */
  /* Nobody's: two that complain at once may say a line more or less. */
  uint32_t complaints;
  char last_complaint[VOLUME_LINE_SIZE];

  struct lock names_lock;
  struct lock alloc_lock;
};

extern struct volume volume;

/* Prints "ext2: DEVICE: ...". */
void volume_say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Prints such a line about a damage that was met, and marks the volume as having errors.  Returns
   FS_ECORRUPT. */
int volume_corrupt(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Whether blocks [BLOCK, BLOCK + COUNT) exist and hold no table of ext2. */
bool volume_is_data(uint32_t block, uint32_t count);
/* Whether GROUP begins with a copy of superblock and descriptors. */
bool volume_group_has_super(uint32_t group);
/* Blocks that the copies of superblock and descriptors take in such a group. */
uint32_t volume_super_blocks(void);
/* Whether [FIRST, FIRST + COUNT) and the LENGTH blocks from START on have none in common. */
bool volume_is_apart(uint32_t first, uint32_t count, uint32_t start, uint32_t length);
uint32_t volume_group_first(uint32_t group);  /* Its first block. */
uint32_t volume_group_blocks(uint32_t group); /* How many it has. */

/* 2001-09-09: later than any number of an inode, so that no time of ours is taken for one. */
#define VOLUME_TIME_MIN 1000000000u

/* The time for what is changed now, in seconds since 1970: the machine's, or, if that has no clock, when
   the volume was last used where there was one. */
uint32_t volume_time(void);
#endif
