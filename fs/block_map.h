/* From blocks of a file to blocks of the disk, by way of i_block and blocks of pointers. */
#ifndef FS_BLOCK_MAP_H
#define FS_BLOCK_MAP_H

#include <stdbool.h>
#include <stdint.h>

struct inode;

/* A run of neighbouring blocks of a file. */
struct block_run_map {
  uint32_t block;    /* The first one's block on disk; 0: a hole. */
  uint32_t count;    /* How many follow each other, or are missing. */
  uint32_t pointers; /* For holes: the blocks of pointers that filling it takes. */
};

void block_map_init(void);
/* Whoever uses the blocks that block_map_lookup() finds, without INODE's lock, does so between these two:
   until then none of them is taken from INODE.  The first gives what the second takes.  They do not
   wait. */
unsigned block_map_enter(struct inode *inode);
void block_map_leave(struct inode *inode, unsigned era);
/* Finds block INDEX of INODE and up to LIMIT - 1 after it.  Needs no lock; waits for no frame.
   FS_EIO, FS_ECORRUPT, FS_EFBIG. */
int block_map_lookup(struct inode *inode, uint32_t index, uint32_t limit,
                     struct block_run_map *map);
/* How many blocks it takes to fill the holes among blocks FIRST to LAST of INODE. */
int block_map_count_missing(struct inode *inode, uint32_t first, uint32_t last, uint32_t *count);
/* Gives blocks FIRST to LAST of INODE a place on disk.  The inode's lock is held.  FS_ENOSPC and
   errors of the disk: nothing has changed (after an error of the disk in a run of over
   BLOCK_MAP_ATOMIC blocks, some may have been given). */
#define BLOCK_MAP_ATOMIC 16
int block_map_reserve(struct inode *inode, uint32_t first, uint32_t last);
/* Frees all blocks of INODE, which the disk has forgotten; i_block stays as it is. */
void block_map_free(struct inode *inode);

#endif
