/* Fresh blocks: given to a file, but not written since.  On disk they still hold what they were for
   somebody else, so no pointer to one may reach the disk.

   - fresh_add() before a pointer is set; fresh_write() to write content.
   - fresh_settle() before the pointers at a place go to the disk: what is still fresh there gets
     zeroes first.  That is rare: pages are written before pointers unless many files grow at once.
   A file's holes are filled by runs, so few entries do; when there are too many, the oldest gets its
   zeroes early.  The functions take a lock of their own (RANK_FRESH), also while they write. */
#ifndef FS_FRESH_H
#define FS_FRESH_H

#include <stdint.h>
#include "fs/balloc.h"

struct block_request;

/* Where pointers stand: in an inode, or in a block of pointers. */
typedef uint64_t fresh_place;

static inline fresh_place fresh_in_inode(uint32_t number) {
  return (uint64_t)1 << 32 | number;
}

static inline fresh_place fresh_in_block(uint32_t block) {
  return block;
}

void fresh_init(void);
/* The blocks of EXTENT, which pointers at PLACE are going to name, are fresh.  FS_OK or FS_EIO. */
int fresh_add(fresh_place place, struct block_extent extent);
/* Writes zeroes to the fresh blocks of PLACE, which are fresh no more.  FS_OK or FS_EIO. */
int fresh_settle(fresh_place place);
/* Does REQUEST, which writes the blocks of EXTENT; they are fresh no more.  Returns what
   block_transfer() does. */
int fresh_write(const struct block_request *request, struct block_extent extent);
/* The blocks of EXTENT belong to no file any more. */
void fresh_forget(struct block_extent extent);

#endif
