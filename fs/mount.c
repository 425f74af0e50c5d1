/* Mounting and unmounting. */
#include "fs/mount.h"
#include "dev/block.h"
#include "fs/balloc.h"
#include "fs/buffer.h"
#include "fs/fresh.h"
#include "fs/inode.h"
#include "fs/sync.h"
#include "kern/memory.h"
#include "lib/debug.h"
#include "lib/string.h"

struct volume volume;

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
int volume_write_super(void) {
  lock_acquire(&volume.alloc_lock);
  int error = write_super();
  if (error == FS_OK) error = write_groups();
  lock_release(&volume.alloc_lock);
  return error;
}

/* Marks the volume as in use. */
static int open_for_writing(void) {
  struct ext2_super *super = &volume.super;
  super->state &= ~EXT2_STATE_VALID;
  super->mount_time = volume_time();
  super->mount_count++;
  int error = volume_write_super();
  if (error == FS_OK) error = buffer_sync();
  return error == FS_OK && block_flush(volume.device) != BLOCK_OK ? FS_EIO : error;
}

/* Says in what state the volume was left and decides whether it may be written; if so, marks it as
   in use. */
static int open_volume(void) {
  struct ext2_super *super = &volume.super;
  volume.was_clean = (super->state & EXT2_STATE_VALID) != 0;
  if (super->state & EXT2_STATE_ERROR) {
    volume_say("marked as having errors, mounted read-only: run e2fsck");
    volume.read_only = true;
  } else if (!volume.was_clean) {
    volume_say("not cleanly unmounted: run e2fsck");
  }
  if (volume.read_only) return FS_OK;
  int error = balloc_recount();
  if (error == FS_ECORRUPT) {
    volume_say("mounted read-only: run e2fsck");
    volume.read_only = true;
    return FS_OK;
  }
  return error == FS_OK ? open_for_writing() : error;
}

/* Gets the root directory for as long as the volume is mounted. */
static int open_root(void) {
  lock_acquire(&volume.names_lock);
  int error = inode_get(EXT2_ROOT_INODE, &volume.root);
  lock_release(&volume.names_lock);
  if (error == FS_OK && !inode_is_dir(volume.root)) {
    inode_put(volume.root);
    inode_drop_unused(0);
    error = FS_ECORRUPT;
  }
  if (error == FS_ECORRUPT) volume_say("root inode corrupt");
  return error;
}

/* Puts together what a checked volume needs: buffers, root, and its mark of being in use. */
static int start(void) {
  if (!buffer_cache_init(volume.device, volume.block_size) || !store_ops_init()) {
    volume_say("no memory");
    return FS_ENOMEM;
  }
  fresh_init();
  inode_table_init();
  int error = open_root();
  if (error != FS_OK) return error;
  error = open_volume();
  if (error == FS_EIO) volume_say("input or output error");
  if (error != FS_OK) {
    inode_put(volume.root);
    inode_drop_unused(0);
  }
  return error;
}

/* Gives back what start() and volume_check() took. */
static void free_all(void) {
  buffer_cache_destroy();
  store_ops_destroy();
  kfree(volume.groups);
  volume.groups = NULL;
}

/* Mounts DEVICE. */
int fs_mount(struct block *device) {
  ASSERT(!volume.mounted);
  memset(&volume, 0, sizeof volume);
  volume.device = device;
  lock_init(&volume.names_lock, RANK_NAMESPACE, "names");
  lock_init(&volume.alloc_lock, RANK_ALLOC, "free blocks");
  int error = volume_check();
  if (error == FS_OK) error = start();
  if (error != FS_OK) {
    free_all();
    return error;
  }
  volume.mounted = true;
  return FS_OK;
}

/* Whether fs_mount() succeeded and fs_unmount() was not called since. */
bool fs_is_mounted(void) {
  return volume.mounted;
}

/* Takes names_lock for reading directories. */
int volume_enter(void) {
  if (!volume.mounted) return FS_ENOENT;
  lock_acquire(&volume.names_lock);
  if (volume.mounted) return FS_OK;
  lock_release(&volume.names_lock);
  return FS_ENOENT;
}

/* Takes names_lock for changing directories. */
int volume_enter_writing(void) {
  int error = volume_enter();
  if (error != FS_OK || !volume.read_only) return error;
  volume_leave();
  return FS_EROFS;
}

/* Gives names_lock back; only then what was used before may be written and forgotten. */
void volume_leave(void) {
  lock_release(&volume.names_lock);
  inode_drop_unused(INODE_UNUSED_MAX);
}

/* Takes removed files that are still open off the disk.  names_lock held. */
static void finish_inodes(void) {
  for (struct inode *inode = inode_next(NULL); inode != NULL; inode = inode_next(inode)) {
    lock_acquire(&inode->lock);
    if (inode->links == 0) inode_erase(inode);
    lock_release(&inode->lock);
  }
}

/* Puts everything on disk; only when that is done, and if nothing was lost, is the volume marked
   clean.  names_lock held. */
static void write_all(void) {
  finish_inodes();
  int error = sync_stores(), tables_error = sync_tables(NULL);
  if (error == FS_OK) error = tables_error;
  if (error == FS_OK && volume.was_clean) {
    volume.super.state |= EXT2_STATE_VALID;
    error = sync_tables(NULL);
  }
  if (error != FS_OK) volume_say("could not be written completely: run e2fsck");
}

/* Puts everything on disk and forgets it.  Nobody changes anything meanwhile: processes were stopped.  Inodes that somebody still uses can be read on, for as
   long as nothing else is mounted. */
void fs_unmount(void) {
  if (volume_enter() != FS_OK) return;
  if (!volume.read_only) {
    write_all();
    volume.read_only = true;
  }
  volume.mounted = false;
  inode_put(volume.root);
  lock_release(&volume.names_lock);
  inode_drop_unused(0);
  if (inode_table_is_empty()) free_all();
}
