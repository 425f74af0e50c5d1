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
  struct node *dir; /* Where the name is to be looked up. */
  bool
      is_held; /* It is, for this walk; it is where the walk began otherwise, held by the caller. */
  struct dir_name name; /* Length 0: the path is the root itself. */
  bool must_be_dir;     /* Slashes follow the name. */
  unsigned *links;      /* Counts the symbolic links followed. */
};

/* What stands at a name of the root without being on the volume; nothing if ROOT is NULL.  Fixed before the first
   path is resolved. */
static struct {
  const char *name;
  struct node *root;
} attached;

static int resolve(struct node *start, const char *path, unsigned *links, struct node **result);

/* From now on NAME in the root leads to ROOT. */
void fs_attach(const char *name, struct node *root) {
  attached.name = name;
  attached.root = root;
}

/* Whether NAME is TEXT. */
static bool name_is(struct dir_name name, const char *text) {
  return name.length == strlen(text) && memcmp(name.text, text, name.length) == 0;
}

/* Whether something is attached at NAME of the root. */
static bool is_attached(struct dir_name name) {
  return attached.root != NULL && name_is(name, attached.name);
}

/* Takes the step from the root to what is attached at NAME: *RESULT, or ERROR, is what the volume has there. */
static int cross(struct dir_name name, int error, struct node **result) {
  bool is_hidden = error == FS_ENOENT || (error == FS_OK && node_is_dir(*result));
  if (!is_hidden || !is_attached(name)) return error;
  if (error == FS_OK) node_put(*result);
  *result = node_hold(attached.root);
  return FS_OK;
}

/* Finds NAME in DIR, held for the caller; symbolic links as they are. */
static int lookup_in(struct node *dir, struct dir_name name, struct node **result) {
  struct node *root = inode_node(volume.root);
  if (!node_is_dir(dir)) return FS_ENOTDIR;
  if (name.length == 0 || name_is(name, ".")) {
    *result = node_hold(dir);
    return FS_OK;
  }
  if (dir == attached.root && name_is(name, "..")) {
    *result = node_hold(root);
    return FS_OK;
  }
  int error = dir->ops->lookup(dir, name, result);
  return dir == root ? cross(name, error, result) : error;
}

/* If *NODE, found in WALK's directory, is a symbolic link, replaces it by what it leads to.  On an
   error it is given back. */
static int follow(const struct walk *walk, struct node **node) {
  struct inode *link = node_inode(*node);
  char target[LINK_LENGTH_MAX + 1];
  if (link == NULL || inode_type(link) != EXT2_MODE_LINK) return FS_OK;
  uint32_t length = link->size;
  bool is_short = length > 0 && length <= LINK_LENGTH_MAX;
  if (is_short) memcpy(target, link->block, length);
  inode_put(link);
  if (!is_short) return FS_EINVAL;
  if (++*walk->links > LINKS_FOLLOWED_MAX) return FS_ELOOP;
  target[length] = '\0';
  return resolve(walk->dir, target, walk->links, node);
}

/* Ends WALK. */
static void walk_end(const struct walk *walk) {
  if (walk->is_held) node_put(walk->dir);
}

/* Replaces WALK's directory by its entry of WALK's name, which must be a directory. */
static int step(struct walk *walk) {
  struct node *next;
  int error = lookup_in(walk->dir, walk->name, &next);
  if (error == FS_OK) error = follow(walk, &next);
  if (error != FS_OK) return error;
  if (!node_is_dir(next)) {
    node_put(next);
    return FS_ENOTDIR;
  }
  walk_end(walk);
  walk->dir = next;
  walk->is_held = true;
  return FS_OK;
}

/* Takes PATH up to its last name, from START (NULL: the root) on, which the caller holds.  If it returns FS_OK, WALK
   has to be ended.  names_lock held. */
static int walk_path(struct walk *walk, struct node *start, const char *path) {
  if (*path == '\0') return FS_ENOENT;
  if (strnlen(path, FS_PATH_MAX + 1) > FS_PATH_MAX) return FS_ENAMETOOLONG;
  walk->dir = *path == '/' || start == NULL ? inode_node(volume.root) : start;
  walk->is_held = false;
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
  if (error == FS_OK && !node_is_dir(walk->dir)) error = FS_ENOTDIR;
  if (error != FS_OK) walk_end(walk);
  return error;
}

/* Finds what PATH leads to from START on, following symbolic links, which
   LINKS counts. */
static int resolve(struct node *start, const char *path, unsigned *links, struct node **result) {
  struct walk walk = {.links = links};
  int error = walk_path(&walk, start, path);
  if (error != FS_OK) return error;
  error = lookup_in(walk.dir, walk.name, result);
  if (error == FS_OK) error = follow(&walk, result);
  if (error == FS_OK && walk.must_be_dir && !node_is_dir(*result)) {
    node_put(*result);
    error = FS_ENOTDIR;
  }
  walk_end(&walk);
  return error;
}

/* Whether NODE is something that can be read. */
static bool is_readable(struct node *node) {
  struct inode *inode = node_inode(node);
  return node_is_dir(node) || inode == NULL || inode_type(inode) == EXT2_MODE_REGULAR;
}

/* Finds the file or directory PATH, from CWD on; not opened yet. */
static int find(struct node *cwd, const char *path, struct node **result) {
  unsigned links = 0;
  int error = names_enter();
  if (error != FS_OK) return error;
  error = resolve(cwd, path, &links, result);
  if (error == FS_OK && !is_readable(*result)) {
    node_put(*result);
    error = FS_EINVAL;
  }
  names_leave();
  return error;
}

/* Finds what PATH leads to, from CWD on, and opens it. */
int fs_lookup(struct node *cwd, const char *path, struct node **result) {
  int error = find(cwd, path, result);
  if (error != FS_OK) return error;
  error = (*result)->ops->open(result);
  if (error != FS_OK) node_put(*result);
  return error;
}

/* Whether NAME can only be that of a directory that exists. */
static bool is_special(struct dir_name name) {
  return name.length == 0 || name_is(name, ".") || name_is(name, "..");
}

/* Takes PATH to the directory where its last name may be changed: one on disk. */
static int walk_to_change(struct walk *walk, struct node *cwd, const char *path) {
  int error = walk_path(walk, cwd, path);
  if (error != FS_OK || node_inode(walk->dir) != NULL) return error;
  walk_end(walk);
  return FS_EROFS;
}

/* Takes PATH to the directory where its last name, which must be free, may be entered. */
static int walk_to_new(struct walk *walk, struct node *cwd, const char *path) {
  uint32_t number;
  int error = walk_to_change(walk, cwd, path);
  if (error != FS_OK) return error;
  struct inode *dir = node_inode(walk->dir);
  bool is_taken = is_special(walk->name) || (dir == volume.root && is_attached(walk->name));
  error = is_taken ? FS_OK : dir_lookup(dir, walk->name, &number);
  if (error == FS_OK) error = FS_EEXIST;
  if (error == FS_ENOENT && dir->links > 0) return FS_OK;
  walk_end(walk);
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
  struct inode *dir = node_inode(walk->dir), *inode;
  int error = inode_create(dir, mode, is_dir ? 2 : 1, &inode);
  if (error != FS_OK) return error;
  error = is_dir ? dir_create(inode, dir) : make_file(inode, size);
  if (error == FS_OK) error = write_new(inode);
  if (error == FS_OK) error = dir_add(dir, walk->name, inode);
  if (error != FS_OK)
    inode_set_links(inode, 0);
  else if (is_dir)
    inode_set_links(dir, dir->links + 1);
  inode_put(inode);
  return error;
}

/* Creates file PATH of SIZE bytes of zeroes. */
int fs_create(struct node *cwd, const char *path, uint32_t size) {
  unsigned links = 0;
  struct walk walk = {.links = &links};
  if (size > EXT2_FILE_SIZE_MAX) return FS_EFBIG;
  int error = names_enter_writing();
  if (error != FS_OK) return error;
  error = walk_to_new(&walk, cwd, path);
  if (error == FS_OK) {
    uint16_t mode = EXT2_MODE_REGULAR | EXT2_MODE_RIGHTS_FILE;
    error = walk.must_be_dir ? FS_EISDIR : make_entry(&walk, mode, size);
    walk_end(&walk);
  }
  names_leave();
  return error;
}

/* Creates directory PATH. */
int fs_mkdir(struct node *cwd, const char *path) {
  unsigned links = 0;
  struct walk walk = {.links = &links};
  int error = names_enter_writing();
  if (error != FS_OK) return error;
  error = walk_to_new(&walk, cwd, path);
  if (error == FS_OK) {
    bool full = node_inode(walk.dir)->links >= EXT2_LINKS_MAX;
    error = full ? FS_ENOSPC : make_entry(&walk, EXT2_MODE_DIR | EXT2_MODE_RIGHTS_DIR, 0);
    walk_end(&walk);
  }
  names_leave();
  return error;
}

/* Checks that INODE, found by WALK and used by the caller, may be removed. */
static int check_removable(const struct walk *walk, struct inode *inode) {
  if (!inode_is_dir(inode)) return walk->must_be_dir ? FS_ENOTDIR : FS_OK;
  if (inode == volume.root || &inode->node == walk->dir) return FS_EINVAL;
  if (inode_users(inode) > 1) return FS_ENOTEMPTY;
  return dir_check_empty(inode);
}

/* Takes WALK's name away from NODE, which it leads to.  A directory has no other. */
static int remove_entry(const struct walk *walk, struct node *node) {
  struct inode *dir = node_inode(walk->dir), *inode = node_inode(node);
  int error = inode != NULL ? check_removable(walk, inode) : FS_EROFS;
  if (error == FS_OK) error = dir_remove(dir, walk->name);
  if (error != FS_OK) return error;
  bool is_dir = inode_is_dir(inode);
  inode_set_links(inode, is_dir ? 0 : inode->links - 1);
  if (is_dir && dir->links > 0) inode_set_links(dir, dir->links - 1);
  return FS_OK;
}

/* Removes the name PATH; what it led to lives on for those who use it. */
int fs_remove(struct node *cwd, const char *path) {
  unsigned links = 0;
  struct walk walk = {.links = &links};
  struct node *node = NULL;
  int error = names_enter_writing();
  if (error != FS_OK) return error;
  error = walk_to_change(&walk, cwd, path);
  if (error == FS_OK) {
    error = is_special(walk.name) ? FS_EINVAL : lookup_in(walk.dir, walk.name, &node);
    if (error == FS_OK)
      error = remove_entry(&walk, node);
    else
      node = NULL;
    walk_end(&walk);
  }
  names_leave();
  if (node != NULL) node_put(node); /* To free a file may take long. */
  return error;
}

/* Gives the next entry of directory DIR. */
int fs_readdir(struct node *dir, uint32_t *position, char *name) {
  return node_is_dir(dir) ? dir->ops->readdir(dir, position, name) : FS_ENOTDIR;
}
