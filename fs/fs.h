/* The file system: ext2 on one block device, seen as a tree of names over inodes.

   - fs_mount() first.  Paths are resolved from a directory that the caller holds.
   - What a path leads to is a node (node.h), and if it is on disk an inode; who uses one holds it.
   - File content goes through the inode's store (vm/store.h); directories and the tables of ext2
     go through the buffer cache.
   All functions may sleep unless noted and return FS_OK or a negative fs_error. */
#ifndef FS_FS_H
#define FS_FS_H

#include <stdbool.h>
#include <stdint.h>
#include "fs/node.h"
#include "vm/store.h"

#define FS_NAME_MAX 255
#define FS_PATH_MAX 4096

enum fs_error {
  FS_OK = 0,
  FS_ENOENT = -64,       /* No such file or directory. */
  FS_EEXIST = -65,       /* The name is taken. */
  FS_ENOTDIR = -66,      /* A part of the path is not a directory. */
  FS_EISDIR = -67,       /* Not for directories. */
  FS_ENOTEMPTY = -68,    /* The directory holds entries, or is in use. */
  FS_ENOSPC = -69,       /* No free block or inode. */
  FS_ENAMETOOLONG = -70, /* A name over FS_NAME_MAX or a path over FS_PATH_MAX. */
  FS_EIO = -71,          /* The disk failed. */
  FS_ECORRUPT = -72,     /* The image contradicts itself here. */
  FS_EROFS = -73,        /* Mounted read-only. */
  FS_EFBIG = -74,        /* Larger than a file can be here (2 GB - 1). */
  FS_EINVAL = -75,       /* Not for this kind of file, or the root itself. */
  FS_ENOMEM = -76,       /* No kernel memory. */
  FS_EBUSY = -77,        /* Running as a program: not to be written. */
  FS_ELOOP = -78         /* Symbolic links lead to each other, or too many follow. */
};

struct block;
struct inode;

/* Mounts DEVICE.  On refusal prints one line "ext2: DEVICE: reason" and returns FS_ECORRUPT,
   FS_EIO or FS_ENOMEM.  An image with unknown read-only features, or marked as having errors, is
   mounted read-only with a line that says so; one not cleanly unmounted is used with a warning. */
int fs_mount(struct block *device);
/* Puts everything on disk and flushes the device. */
int fs_sync(void);
/* fs_sync(), marks the file system clean, forgets everything.  Nobody writes from now on, and open inodes
   may not be used on. */
void fs_unmount(void);
/* Frees cached inodes that nobody uses, and their pages (writing dirty ones first). */
void fs_drop_caches(void);

/* From now on NAME in the root leads to ROOT, a directory that is there for good, and ROOT's ".." back.  What the volume
   has at NAME is hidden if it is a directory too; anything else stays, and hides ROOT.  One NAME at a time.  The root's
   entries are those on disk: NAME is listed where it is a directory there. */
void fs_attach(const char *name, struct node *root);

/* Resolving.  CWD is a directory that the caller holds, NULL for the root; PATH must not be empty.
   The node in *RESULT is held for the caller, and opened.  Called without locks. */
int fs_lookup(struct node *cwd, const char *path, struct node **result);
/* Names are made and removed on disk alone: FS_EROFS elsewhere. */
int fs_create(struct node *cwd, const char *path, uint32_t size);
int fs_mkdir(struct node *cwd, const char *path);
/* Unlinks a file, or an empty directory that nobody has open or as working directory. */
int fs_remove(struct node *cwd, const char *path);

struct inode *inode_hold(struct inode *inode); /* One more user; returns INODE. */
void inode_put(struct inode *inode);           /* One fewer; the last frees a removed file. */
bool inode_is_dir(const struct inode *inode);
/* Fills in FACTS of INODE, held, whose lock is taken. */
void inode_describe(struct inode *inode, struct node_facts *facts);
struct store *inode_store(struct inode *inode);
struct inode *store_inode(struct store *store);
/* Puts the file's pages, its inode and the names that lead to it on disk and flushes the device. */
int inode_sync(struct inode *inode);

/* Whether INODE may be written: it is no running program's (store_deny_writing()), nor on a volume
   that is read-only. */
bool inode_may_write(const struct inode *inode);

/* The next entry of directory DIR at *POSITION (0 at first), "." and ".." left out.  Returns 1
   and fills NAME (FS_NAME_MAX + 1 bytes), 0 at the end, or an error. */
int fs_readdir(struct node *dir, uint32_t *position, char *name);

/* Writes the path of the file or directory NUMBER to PATH of SIZE bytes.  FS_ENOENT if it has no name any more, or
   if what leads to it was not looked at lately; FS_ENAMETOOLONG, FS_EIO. */
int fs_path(uint32_t number, char *path, uint32_t size);

const char *fs_error_text(int error);

#endif
