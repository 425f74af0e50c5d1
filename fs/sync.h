/* Putting the volume on disk, in an order that a cut in between survives. */
#ifndef FS_SYNC_H
#define FS_SYNC_H

#include <stdbool.h>

struct inode;

/* Writes the dirty pages of all files.  The first error. */
int sync_stores(void);
/* Writes bitmaps, directories, superblock and the inodes of files, or of FILE alone if it is not NULL,
   and flushes the device.  names_lock is not needed: directories are sound at any time, and the buffers put
   them on disk in the right order.  Nothing to do if the volume is gone. */
int sync_tables(struct inode *file);

/* store_ops.c: the memory for the ends of files; false if there is none. */
bool store_ops_init(void);
void store_ops_destroy(void);

#endif
