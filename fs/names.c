/* Entering the names of the mounted volume. */
#include "fs/names.h"
#include "fs/inode.h"

/* Takes names_lock for reading directories. */
int names_enter(void) {
  if (!volume.mounted) return FS_ENOENT;
  lock_acquire(&volume.names_lock);
  if (volume.mounted) return FS_OK;
  lock_release(&volume.names_lock);
  return FS_ENOENT;
}

/* Takes names_lock for changing directories. */
int names_enter_writing(void) {
  int error = names_enter();
  if (error != FS_OK || !volume.read_only) return error;
  names_leave();
  return FS_EROFS;
}

/* Gives names_lock back; only then what was used before may be written and forgotten. */
void names_leave(void) {
  lock_release(&volume.names_lock);
  inode_drop_unused(INODE_UNUSED_MAX);
}
