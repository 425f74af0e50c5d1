/* Putting the volume on disk: data first, then what refers to it.

   Together with the order of buffer_sync(), with new blocks of pointers and directories written
   before anything refers to them, and with names and inodes taken off the disk before what they
   refer to is free, a cut leaves blocks and inodes that nobody has, never ones that two have. */
#include "fs/sync.h"
#include "dev/block.h"
#include "fs/buffer.h"
#include "fs/inode.h"
#include "fs/mount.h"
#include "vm/error.h"

/* Writes the dirty pages of all files; goes on after errors. */
int sync_stores(void) {
  int result = FS_OK;
  for (struct inode *inode = inode_next(NULL); inode != NULL; inode = inode_next(inode))
    if (!inode_is_removed(inode) && store_sync(&inode->store) != VM_OK) result = FS_EIO;
  return result;
}

/* Puts changed inodes into their buffers. */
static int sync_inodes(void) {
  int result = FS_OK;
  for (struct inode *inode = inode_next(NULL); inode != NULL; inode = inode_next(inode)) {
    lock_acquire(&inode->lock);
    int error = inode->dirty ? inode_write(inode, false) : FS_OK;
    lock_release(&inode->lock);
    if (error != FS_OK) result = error;
  }
  return result;
}

/* Writes inodes, bitmaps, directories and superblock, and flushes the device. */
int sync_tables(void) {
  if (volume.read_only) return FS_OK;
  int result = sync_inodes();
  int error = volume_write_super();
  if (error != FS_OK) result = error;
  error = buffer_sync();
  if (error != FS_OK) result = error;
  return block_flush(volume.device) == BLOCK_OK ? result : FS_EIO;
}

/* Writes all tables and flushes the device. */
int sync_volume(void) {
  if (volume_enter() != FS_OK) return FS_OK;
  int error = sync_tables();
  volume_leave();
  return error;
}

/* Puts everything on disk and flushes the device. */
int fs_sync(void) {
  if (!volume.mounted) return FS_OK;
  int result = sync_stores(), error = sync_volume();
  return error != FS_OK ? error : result;
}

/* Puts INODE's pages and all tables on disk and flushes the device. */
int inode_sync(struct inode *inode) {
  int result = store_sync(&inode->store) == VM_OK ? FS_OK : FS_EIO, error = sync_volume();
  return error != FS_OK ? error : result;
}

/* Frees cached inodes that nobody uses, and their pages. */
void fs_drop_caches(void) {
  if (volume_enter() != FS_OK) return;
  inode_drop_unused(0);
  volume_leave();
}

static const char *const error_texts[] = {"no such file or directory",
                                          "exists already",
                                          "not a directory",
                                          "is a directory",
                                          "directory not empty or in use",
                                          "no space left on the file system",
                                          "name too long",
                                          "input or output error",
                                          "file system damaged",
                                          "read-only file system",
                                          "file too large",
                                          "invalid argument",
                                          "out of memory",
                                          "file is running as a program",
                                          "too many symbolic links"};

/* ERROR in plain words, for messages. */
const char *fs_error_text(int error) {
  int index = FS_ENOENT - error;
  if (error == FS_OK) return "no error";
  if (index < 0 || index >= (int)(sizeof error_texts / sizeof *error_texts)) return "unknown error";
  return error_texts[index];
}
