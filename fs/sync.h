/* Putting the volume on disk, in an order that a cut in between survives. */
#ifndef FS_SYNC_H
#define FS_SYNC_H

#include <stdbool.h>

struct inode;

/* Writes the dirty pages of all files.  The first error. */
int sync_stores(void);
/* Puts superblock and descriptors, and whatever else is in dirty buffers, on disk and flushes the device.  The
   first error. */
int sync_super(void);
/* Writes bitmaps, directories, superblock and the inodes of files, or of FILE alone if it is not NULL,
   and flushes the device.  names_lock is not needed: directories are sound at any time, and the buffers put
   them on disk in the right order.  Nothing to do if the volume is gone. */
int sync_tables(struct inode *file);

#endif
