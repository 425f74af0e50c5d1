/* Directories: records of names and inodes.  The volume's names_lock is held for all of these; the
   caller holds no buffer.  A damaged directory gives FS_ECORRUPT. */
#ifndef FS_DIR_H
#define FS_DIR_H

#include <stdbool.h>
#include <stdint.h>
#include "fs/node.h"

struct inode;

/* The inode number of NAME in DIR; FS_ENOENT. */
int dir_lookup(struct inode *dir, struct dir_name name, uint32_t *number);
/* Enters INODE as NAME, which DIR does not have. */
int dir_add(struct inode *dir, struct dir_name name, struct inode *inode);
/* Takes NAME out, on disk too. */
int dir_remove(struct inode *dir, struct dir_name name);
/* FS_OK if there is nothing but "." and ".." in DIR, FS_ENOTEMPTY if there is. */
int dir_check_empty(struct inode *dir);
/* Gives the new DIR its first block with "." and "..", on disk. */
int dir_create(struct inode *dir, const struct inode *parent);
/* The entry of DIR at *POSITION or after it: 1, 0 at the end, or an error. */
int dir_next(struct inode *dir, uint32_t *position, char *name);

#endif
