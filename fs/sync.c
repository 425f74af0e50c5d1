/* Putting the volume on disk: data first, then what refers to it.

   Together with the order of buffer.c, with new blocks written before anything refers to them (fresh.h
   has those of files), and with names and inodes taken off the disk before what they refer to is
   free, a cut leaves blocks and inodes that nobody has, never ones that two have, nor a file that
   shows another's content. */
#include "fs/sync.h"
#include "dev/block.h"
#include "fs/buffer.h"
#include "fs/inode.h"
#include "fs/volume.h"
#include "lib/string.h"
#include "vm/error.h"
#include "vm/sync.h"

/* Writes the dirty pages of all files; goes on after errors. */
int sync_stores(void) {
  int result = FS_OK;
  for (struct inode *inode = inode_next(NULL); inode != NULL; inode = inode_next(inode))
    if (!inode_is_removed(inode) && store_sync(&inode->store) != VM_OK) result = FS_EIO;
  return result;
}

/* Puts changed inodes into their buffers: all, or directories and FILE.  One that is being made is left
   alone, for it may not be whole yet. */
static int sync_inodes(struct inode *file) {
  int result = FS_OK;
  for (struct inode *inode = inode_next(NULL); inode != NULL; inode = inode_next(inode)) {
    bool wanted = file == NULL || inode == file || inode_is_dir(inode);
    lock_acquire(&inode->lock);
    int error = wanted && inode->dirty && !inode->is_new ? inode_write(inode) : FS_OK;
    lock_release(&inode->lock);
    if (error != FS_OK) result = error;
  }
  return result;
}

/* Copies the descriptors to their buffers, and dirties those that changed.  alloc_lock held. */
static int write_groups(void) {
  const uint8_t *groups = (const uint8_t *)volume.groups;
  for (uint32_t i = 0; i < volume.descriptor_blocks; i++) {
    struct buffer *buffer;
    int error = buffer_get(volume.super.first_data_block + 1 + i, BUFFER_SUPER, &buffer);
    if (error != FS_OK) return error;
    const uint8_t *now = groups + (i << volume.block_shift);
    if (memcmp(buffer->data, now, volume.block_size) != 0) {
      memcpy(buffer->data, now, volume.block_size);
      buffer_mark_dirty(buffer);
    }
    buffer_put(buffer);
  }
  return FS_OK;
}

/* Copies the superblock to its buffer.  alloc_lock held. */
static int write_super(void) {
  struct buffer *buffer;
  int error = buffer_get(EXT2_SUPER_OFFSET >> volume.block_shift, BUFFER_SUPER, &buffer);
  if (error != FS_OK) return error;
  struct ext2_super *disk =
      (struct ext2_super *)(buffer->data + (EXT2_SUPER_OFFSET & (volume.block_size - 1)));
  const struct ext2_super *super = &volume.super;
  disk->free_blocks_count = super->free_blocks_count;
  disk->free_inodes_count = super->free_inodes_count;
  disk->mount_time = super->mount_time;
  disk->write_time = volume_time();
  disk->mount_count = super->mount_count;
  disk->state = super->state;
  buffer_mark_dirty(buffer);
  buffer_put(buffer);
  return FS_OK;
}

/* Copies superblock and descriptors to their buffers. */
static int buffer_super(void) {
  lock_acquire(&volume.alloc_lock);
  int error = write_super();
  if (error == FS_OK) error = write_groups();
  lock_release(&volume.alloc_lock);
  return error;
}

/* Writes the dirty buffers, superblock and descriptors among them, and flushes the device. */
int sync_super(void) {
  int error = buffer_super();
  if (error == FS_OK) error = buffer_sync();
  return error == FS_OK && block_flush(volume.device) != BLOCK_OK ? FS_EIO : error;
}

/* Writes all tables, or those that FILE needs, and flushes the device.  What a flush that failed has lost
   nobody knows: the volume is to be checked. */
int sync_tables(struct inode *file) {
  if (!volume.mounted || volume.read_only) return FS_OK;
  int result = sync_inodes(file);
  int error = buffer_super();
  if (error != FS_OK) result = error;
  error = buffer_sync();
  if (error != FS_OK) result = error;
  if (block_flush(volume.device) == BLOCK_OK) return result;
  volume.was_clean = false;
  return FS_EIO;
}

/* Puts everything on disk and flushes the device. */
int fs_sync(void) {
  if (!volume.mounted) return FS_OK;
  int result = sync_stores(), error = sync_tables(NULL);
  return error != FS_OK ? error : result;
}

/* Puts INODE's pages and what leads to them on disk and flushes the device. */
int inode_sync(struct inode *inode) {
  int result = store_sync(&inode->store) == VM_OK ? FS_OK : FS_EIO, error = sync_tables(inode);
  return error != FS_OK ? error : result;
}

/* Frees cached inodes that nobody uses, and their pages. */
void fs_drop_caches(void) {
  if (volume.mounted) inode_drop_unused(0);
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
