/* The buffer cache: blocks of ext2's tables, directories and pointers, about 64 KB of them.

   - buffer_get() gives the block, busy for the caller alone, until buffer_put().
   - A thread holds at most one buffer at a time and waits for no frame meanwhile: so buffers can
     never deadlock, and pages can be read and written whatever else is going on.
   - Changed buffers are marked dirty and written when they are evicted or at buffer_sync().
     Bitmaps go first: nothing on disk refers to a block or inode that the disk's bitmap has free.
     Inodes go before directories: no name on disk leads to an inode that is not there.
   Errors: FS_EIO. */
#ifndef FS_BUFFER_H
#define FS_BUFFER_H

#include <stdbool.h>
#include <stdint.h>
#include "lib/list.h"

struct block;

/* What a block holds, in the order in which buffer_sync() writes. */
enum buffer_class {
  BUFFER_BITMAP,
  BUFFER_POINTERS, /* Also extended attributes. */
  BUFFER_INODES,
  BUFFER_DIRECTORY,
  BUFFER_SUPER, /* Superblock and descriptors. */
  BUFFER_CLASSES
};

struct buffer {
  /* Guarded by the cache's lock. */
  struct list_node hash_node; /* Listed: stands for `block`. */
  struct list_node lru_node;  /* Listed: not busy. */
  bool busy;                  /* Somebody holds it: the fields below and the data are his. */
  bool failed;                /* Could not be written; the last to be chosen for eviction. */
  bool dirty;
  uint8_t class; /* enum buffer_class */
  uint32_t block;
  uint8_t *data; /* Fixed; one block. */
};

/* Makes the cache for DEVICE in blocks of BLOCK_SIZE bytes; false if there is no memory. */
bool buffer_cache_init(struct block *device, uint32_t block_size);
void buffer_cache_destroy(void); /* Nobody holds a buffer; dirty ones are lost. */

int buffer_get(uint32_t block, enum buffer_class class, struct buffer **result);
/* A buffer for a new BLOCK in *RESULT: zeroes, not read, dirty. */
int buffer_get_fresh(uint32_t block, enum buffer_class class, struct buffer **result);
void buffer_put(struct buffer *buffer);
void buffer_mark_dirty(struct buffer *buffer);
/* Writes BUFFER, held by the caller, now (after all dirty bitmaps). */
int buffer_write(struct buffer *buffer);
/* Drops what is cached of BLOCK, which was freed, without writing. */
void buffer_forget(uint32_t block);
/* Writes all dirty buffers, class by class. */
int buffer_sync(void);

#endif
