/* Mounting and unmounting. */
#include "fs/balloc.h"
#include "fs/buffer.h"
#include "fs/check.h"
#include "fs/fresh.h"
#include "fs/names.h"
#include "fs/store_ops.h"
#include "fs/sync.h"
#include "kern/memory.h"
#include "lib/debug.h"
#include "lib/string.h"

/* Marks the volume as in use. */
static int open_for_writing(void) {
  struct ext2_super *super = &volume.super;
  super->state &= ~EXT2_STATE_VALID;
  super->mount_time = volume_time();
  super->mount_count++;
  return sync_super();
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
  inode_table_init(&inode_store_ops, &inode_node_ops);
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

/* Puts everything on disk and forgets it.  Nobody changes anything meanwhile: processes were stopped.  Inodes
   that somebody still uses can be read on, for as long as nothing else is mounted. */
void fs_unmount(void) {
  if (names_enter() != FS_OK) return;
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
