/* Free blocks and inodes: the bitmaps and the counts.  All functions take the volume's alloc_lock
   and may sleep; the caller holds no buffer.

   Blocks are promised before they are taken, so that what starts to change pointers cannot run out
   of them: block_promise(), as many block_alloc()s, block_unpromise() for what was not used. */
#ifndef FS_BALLOC_H
#define FS_BALLOC_H

#include <stdbool.h>
#include <stdint.h>

struct block_extent {
  uint32_t block;
  uint32_t count;
};

/* FS_ENOSPC if there are not COUNT blocks left. */
int block_promise(uint32_t count);
void block_unpromise(uint32_t count);
/* Takes up to WANT contiguous promised blocks, at GOAL if it can. */
int block_alloc(uint32_t goal, uint32_t want, struct block_extent *extent);
/* Frees blocks that nothing on disk refers to any more.  Damage is reported and skipped. */
void block_free(struct block_extent extent);

/* Takes a free inode, near inode PARENT for files, in an empty group for directories. */
int inode_number_alloc(uint32_t parent, bool is_dir, uint32_t *number);
void inode_number_free(uint32_t number, bool is_dir);
/* Checks the bitmaps and counts them.  FS_ECORRUPT, with a line: they may not be relied upon. */
int balloc_recount(void);

#endif
