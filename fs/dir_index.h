/* Where the names of large directories stand: an index in memory, so that a name or a place for one is
   found without reading all blocks.

   - On disk there is nothing of it.  It is made from the blocks, kept up by who changes them, and
     may be dropped at any time: what it knows then has to be looked for in the blocks.
   - All indexes together take an eighth of the kernel pool at most; for another one, that of the
     directory that was not used for longest goes.  When kernel memory is low all go.
   - A name costs a little more than 4 bytes, a block one.
   The volume's names_lock is held for all of these but dir_index_drop().  None sleeps for long: they have a lock of their
   own, RANK_INDEX, and nothing is read or written under it. */
#ifndef FS_DIR_INDEX_H
#define FS_DIR_INDEX_H

#include <stdbool.h>
#include <stdint.h>
#include "fs/dir.h"

struct dir_index;

#define DIR_INDEX_NONE UINT32_MAX

/* No directory has an index; from now on they are given back when memory is low. */
void dir_index_init(void);
/* Gives DIR an index that knows no block; false if there is no memory.  The caller adds all its blocks,
   or drops it. */
bool dir_index_start(struct inode *dir);
/* Drops the index of DIR, if it has one. */
void dir_index_drop(struct inode *dir);
/* The first block of DIR from block FROM on that may hold NAME, or, if NAME has no text, that has room for
   a name of its length.  DIR_INDEX_NONE if no block does, FROM if DIR has no index. */
uint32_t dir_index_next(struct inode *dir, struct dir_name name, uint32_t from);
/* NAME stands in BLOCK of DIR now; false if DIR has no index, any more. */
bool dir_index_add(struct inode *dir, struct dir_name name, uint32_t block);
/* NAME does not stand in BLOCK of DIR any more. */
void dir_index_remove(struct inode *dir, struct dir_name name, uint32_t block);
/* The largest record that fits into BLOCK of DIR, or next behind the last block, has ROOM bytes.  False if
   DIR has no index, any more. */
bool dir_index_set_room(struct inode *dir, uint32_t block, uint32_t room);

#endif
