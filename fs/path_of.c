/* From a file to its path: which directory had it, what it is called there, and so on up to the root. */
#include "fs/dir.h"
#include "fs/inode.h"
#include "fs/names.h"
#include "lib/string.h"

#define DEPTH_MAX 64 /* Directories above a file; deeper ones have no path here. */

/* Finds the name of NUMBER in DIR, into NAME of FS_NAME_MAX + 1 bytes.  names_lock held. */
static int find_name(struct inode *dir, uint32_t number, char *name) {
  uint32_t position = 0, found;
  int result;
  while ((result = dir_next(dir, &position, name)) == 1) {
    int error = dir_lookup(dir, (struct dir_name){name, strlen(name)}, &found);
    if (error == FS_OK && found == number) return FS_OK;
  }
  return result < 0 ? result : FS_ENOENT;
}

/* Puts "/NAME" of *NUMBER in front of the path at *START, which may not come before FIRST; *NUMBER is then that of the
   directory above.  names_lock held. */
static int prepend(uint32_t *number, const char *first, char **start) {
  char name[FS_NAME_MAX + 1];
  struct inode *inode = inode_find(*number);
  struct inode *dir = inode != NULL ? inode_find(inode->parent) : NULL;
  if (inode != NULL) inode_put(inode);
  if (dir == NULL) return FS_ENOENT;
  int error = inode_is_dir(dir) ? find_name(dir, *number, name) : FS_ENOENT;
  *number = dir->number;
  inode_put(dir);
  if (error != FS_OK) return error;
  uint32_t length = strlen(name) + 1;
  if (length > (uint32_t)(*start - first)) return FS_ENAMETOOLONG;
  *start -= length;
  **start = '/';
  memcpy(*start + 1, name, length - 1);
  return FS_OK;
}

/* Writes the path of NUMBER from its end on, and then moves it to the start of PATH. */
int fs_path(uint32_t number, char *path, uint32_t size) {
  char *start = path + size - 1;
  *start = '\0';
  int error = names_enter();
  if (error != FS_OK) return error;
  for (unsigned depth = 0; number != EXT2_ROOT_INODE && error == FS_OK; depth++)
    error = depth < DEPTH_MAX ? prepend(&number, path, &start) : FS_ENAMETOOLONG;
  names_leave();
  if (error != FS_OK) return error;
  if (*start == '\0') *--start = '/';
  memmove(path, start, strlen(start) + 1);
  return FS_OK;
}
