/* Paths, and what is done to names: create, mkdir, remove. */
#include "fs/balloc.h"
#include "fs/block_map.h"
#include "fs/dir.h"
#include "fs/inode.h"
#include "fs/names.h"
#include "lib/string.h"

#define LINKS_FOLLOWED_MAX 5  /* Symbolic links on the way of a path; each may cost stack. */
#define LINK_LENGTH_MAX    59 /* Of those that stand in the inode; longer ones are refused. */

/* A path taken up to its last name. */
struct walk {
  struct inode *dir;    /* Held: where the name is to be looked up. */
  struct dir_name name; /* Length 0: the path is the root itself. */
  bool must_be_dir;     /* Slashes follow the name. */
  unsigned *links;      /* Counts the symbolic links followed. */
};

static int resolve(struct inode *start, const char *path, unsigned *links, struct inode **result);

/* Whether NAME is TEXT. */
static bool name_is(struct dir_name name, const char *text) {
  return name.length == strlen(text) && memcmp(name.text, text, name.length) == 0;
}

/* Finds NAME in DIR, held for the caller; symbolic links as they are. */
static int lookup_in(struct inode *dir, struct dir_name name, struct inode **result) {
  uint32_t number;
  if (!inode_is_dir(dir)) return FS_ENOTDIR;
  if (name.length == 0 || name_is(name, ".")) {
    *result = inode_hold(dir);
    return FS_OK;
  }
  int error = dir_lookup(dir, name, &number);
  return error == FS_OK ? inode_get(number, result) : error;
}

/* If *INODE, found in WALK's directory, is a symbolic link, replaces it by what it leads to.  On an
   error it is given back. */
static int follow(const struct walk *walk, struct inode **inode) {
  struct inode *link = *inode;
  char target[LINK_LENGTH_MAX + 1];
  if (inode_type(link) != EXT2_MODE_LINK) return FS_OK;
  uint32_t length = link->size;
  bool is_short = length > 0 && length <= LINK_LENGTH_MAX;
  if (is_short) memcpy(target, link->block, length);
  inode_put(link);
  if (!is_short) return FS_EINVAL;
  if (++*walk->links > LINKS_FOLLOWED_MAX) return FS_ELOOP;
  target[length] = '\0';
  return resolve(walk->dir, target, walk->links, inode);
}

/* Replaces WALK's directory by its entry of WALK's name, which must be a directory. */
static int step(struct walk *walk) {
  struct inode *next;
  int error = lookup_in(walk->dir, walk->name, &next);
  if (error == FS_OK) error = follow(walk, &next);
  if (error != FS_OK) return error;
  if (!inode_is_dir(next)) {
    inode_put(next);
    return FS_ENOTDIR;
  }
  inode_put(walk->dir);
  walk->dir = next;
  return FS_OK;
}

/* Takes PATH up to its last name, from START (NULL: the root) on.  WALK's directory is held if it
   returns FS_OK.  names_lock held. */
static int walk_path(struct walk *walk, struct inode *start, const char *path) {
  if (*path == '\0') return FS_ENOENT;
  if (strnlen(path, FS_PATH_MAX + 1) > FS_PATH_MAX) return FS_ENAMETOOLONG;
  walk->dir = inode_hold(*path == '/' || start == NULL ? volume.root : start);
  walk->name = (struct dir_name){path, 0};
  walk->must_be_dir = true;
  path += strspn(path, "/");
  int error = FS_OK;
  while (*path != '\0' && error == FS_OK) {
    walk->name = (struct dir_name){path, strcspn(path, "/")};
    path += walk->name.length;
    walk->must_be_dir = *path == '/';
    path += strspn(path, "/");
    if (walk->name.length > FS_NAME_MAX)
      error = FS_ENAMETOOLONG;
    else if (*path != '\0')
      error = step(walk);
  }
  if (error == FS_OK && !inode_is_dir(walk->dir)) error = FS_ENOTDIR;
  if (error != FS_OK) inode_put(walk->dir);
  return error;
}

/* Finds what PATH leads to from START on, following symbolic links, which
   LINKS counts. */
static int resolve(struct inode *start, const char *path, unsigned *links, struct inode **result) {
  struct walk walk = {.links = links};
  int error = walk_path(&walk, start, path);
  if (error != FS_OK) return error;
  error = lookup_in(walk.dir, walk.name, result);
  if (error == FS_OK) error = follow(&walk, result);
  if (error == FS_OK && walk.must_be_dir && !inode_is_dir(*result)) {
    inode_put(*result);
    error = FS_ENOTDIR;
  }
  inode_put(walk.dir);
  return error;
}

/* Finds the file or directory PATH, from CWD on. */
int fs_lookup(struct inode *cwd, const char *path, struct inode **result) {
  unsigned links = 0;
  int error = names_enter();
  if (error != FS_OK) return error;
  error = resolve(cwd, path, &links, result);
  if (error == FS_OK && !inode_is_dir(*result) && inode_type(*result) != EXT2_MODE_REGULAR) {
    inode_put(*result);
    error = FS_EINVAL;
  }
  names_leave();
  return error;
}

/* Whether NAME can only be that of a directory that exists. */
static bool is_special(struct dir_name name) {
  return name.length == 0 || name_is(name, ".") || name_is(name, "..");
}

/* Takes PATH to the directory where its last name, which must be free, may be entered. */
static int walk_to_new(struct walk *walk, struct inode *cwd, const char *path) {
  uint32_t number;
  int error = walk_path(walk, cwd, path);
  if (error != FS_OK) return error;
  error = is_special(walk->name) ? FS_OK : dir_lookup(walk->dir, walk->name, &number);
  if (error == FS_OK) error = FS_EEXIST;
  if (error == FS_ENOENT && walk->dir->links > 0) return FS_OK;
  inode_put(walk->dir);
  return error;
}

/* Makes an empty file of SIZE bytes, all a hole, if there is room to fill it. */
static int make_file(struct inode *inode, uint32_t size) {
  uint32_t missing = 0;
  int error = FS_OK;
  if (size > 0)
    error = block_map_count_missing(inode, 0, (size - 1) >> volume.block_shift, &missing);
  if (error == FS_OK) error = block_promise(missing);
  if (error != FS_OK) return error;
  block_unpromise(missing);
  inode->size = size;
  store_grow(&inode->store, size);
  return FS_OK;
}

/* Puts INODE, which is whole now, into its buffer, which goes to the disk before any name. */
static int write_new(struct inode *inode) {
  lock_acquire(&inode->lock);
  int error = inode_write(inode);
  lock_release(&inode->lock);
  return error;
}

/* Makes a new inode of MODE and SIZE, and enters it as WALK's name. */
static int make_entry(const struct walk *walk, uint16_t mode, uint32_t size) {
  bool is_dir = (mode & EXT2_MODE_TYPE) == EXT2_MODE_DIR;
  struct inode *inode;
  int error = inode_create(walk->dir, mode, is_dir ? 2 : 1, &inode);
  if (error != FS_OK) return error;
  error = is_dir ? dir_create(inode, walk->dir) : make_file(inode, size);
  if (error == FS_OK) error = write_new(inode);
  if (error == FS_OK) error = dir_add(walk->dir, walk->name, inode);
  if (error != FS_OK)
    inode_set_links(inode, 0);
  else if (is_dir)
    inode_set_links(walk->dir, walk->dir->links + 1);
  inode_put(inode);
  return error;
}

/* Creates file PATH of SIZE bytes of zeroes. */
int fs_create(struct inode *cwd, const char *path, uint32_t size) {
  unsigned links = 0;
  struct walk walk = {.links = &links};
  if (size > EXT2_FILE_SIZE_MAX) return FS_EFBIG;
  int error = names_enter_writing();
  if (error != FS_OK) return error;
  error = walk_to_new(&walk, cwd, path);
  if (error == FS_OK) {
    uint16_t mode = EXT2_MODE_REGULAR | EXT2_MODE_RIGHTS_FILE;
    error = walk.must_be_dir ? FS_EISDIR : make_entry(&walk, mode, size);
    inode_put(walk.dir);
  }
  names_leave();
  return error;
}

/* Creates directory PATH. */
int fs_mkdir(struct inode *cwd, const char *path) {
  unsigned links = 0;
  struct walk walk = {.links = &links};
  int error = names_enter_writing();
  if (error != FS_OK) return error;
  error = walk_to_new(&walk, cwd, path);
  if (error == FS_OK) {
    bool full = walk.dir->links >= EXT2_LINKS_MAX;
    error = full ? FS_ENOSPC : make_entry(&walk, EXT2_MODE_DIR | EXT2_MODE_RIGHTS_DIR, 0);
    inode_put(walk.dir);
  }
  names_leave();
  return error;
}

/* Checks that INODE, found by WALK and used by the caller, may be removed. */
static int check_removable(const struct walk *walk, struct inode *inode) {
  if (!inode_is_dir(inode)) return walk->must_be_dir ? FS_ENOTDIR : FS_OK;
  if (inode == volume.root || inode == walk->dir) return FS_EINVAL;
  if (inode_users(inode) > 1) return FS_ENOTEMPTY;
  return dir_check_empty(inode);
}

/* Takes WALK's name away from INODE, which it leads to.  A directory has no other. */
static int remove_entry(const struct walk *walk, struct inode *inode) {
  int error = check_removable(walk, inode);
  if (error == FS_OK) error = dir_remove(walk->dir, walk->name);
  if (error != FS_OK) return error;
  bool is_dir = inode_is_dir(inode);
  inode_set_links(inode, is_dir ? 0 : inode->links - 1);
  if (is_dir && walk->dir->links > 0) inode_set_links(walk->dir, walk->dir->links - 1);
  return FS_OK;
}

/* Removes the name PATH; what it led to lives on for those who use it. */
int fs_remove(struct inode *cwd, const char *path) {
  unsigned links = 0;
  struct walk walk = {.links = &links};
  struct inode *inode = NULL;
  int error = names_enter_writing();
  if (error != FS_OK) return error;
  error = walk_path(&walk, cwd, path);
  if (error == FS_OK) {
    error = is_special(walk.name) ? FS_EINVAL : lookup_in(walk.dir, walk.name, &inode);
    if (error == FS_OK)
      error = remove_entry(&walk, inode);
    else
      inode = NULL;
    inode_put(walk.dir);
  }
  names_leave();
  if (inode != NULL) inode_put(inode); /* To free a file may take long. */
  return error;
}

/* Gives the next entry of directory DIR. */
int fs_readdir(struct inode *dir, uint32_t *position, char *name) {
  int error = names_enter();
  if (error != FS_OK) return error;
  error = inode_is_dir(dir) ? dir_next(dir, position, name) : FS_ENOTDIR;
  names_leave();
  return error;
}
