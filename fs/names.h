/* Who reads or changes directories, or brings inodes into memory, does it between these: the volume's
   names_lock is held. */
#ifndef FS_NAMES_H
#define FS_NAMES_H

#include "fs/node.h"
#include "fs/volume.h"

/* What inodes do as nodes: they find names. */
extern const struct node_ops inode_node_ops;

/* Takes names_lock and makes sure that a volume is mounted.  FS_OK, or FS_ENOENT without the lock. */
int names_enter(void);
/* Takes names_lock where a volume is mounted that may be written.  FS_OK, or FS_ENOENT or FS_EROFS without
   the lock. */
int names_enter_writing(void);
/* Gives names_lock back, and has inodes that are unused for long forgotten.  May sleep. */
void names_leave(void);

#endif
