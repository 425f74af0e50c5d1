/* The file system: ext2 on one block device, seen as a tree of names over inodes.

   - fs_mount() first.  Paths are resolved from a directory that the caller holds.
   - inode_open*(), inode_get(), inode_put(): who uses an inode holds it.
   - File content goes through the inode's store (vm/store.h); directories and the tables of ext2
     go through the buffer cache.
   All functions may sleep unless noted and return FS_OK or a negative fs_error. */
#ifndef FS_FS_H
#define FS_FS_H

#include <stdbool.h>
#include <stdint.h>
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

/* Resolving.  CWD is a directory that the caller holds, NULL for the root; PATH must not be empty.
   The inode in *RESULT is held for the caller. */
int fs_lookup(struct inode *cwd, const char *path, struct inode **result);
int fs_create(struct inode *cwd, const char *path, uint32_t size);
int fs_mkdir(struct inode *cwd, const char *path);
/* Unlinks a file, or an empty directory that nobody has open or as working directory. */
int fs_remove(struct inode *cwd, const char *path);

struct inode *inode_hold(struct inode *inode); /* One more user; returns INODE. */
void inode_put(struct inode *inode);           /* One fewer; the last frees a removed file. */
bool inode_is_dir(const struct inode *inode);
uint32_t inode_number(const struct inode *inode);
uint32_t inode_size(const struct inode *inode);
/* What there is to tell of an inode; times in seconds since 1970. */
struct inode_facts {
  uint32_t number, size, links;
  uint32_t sectors; /* Of 512 bytes, with all pointer blocks. */
  uint32_t block_size;
  uint32_t modify_time, change_time, access_time;
  bool is_dir;
};
/* Fills in FACTS of INODE, held, whose lock is taken. */
void inode_describe(struct inode *inode, struct inode_facts *facts);
struct store *inode_store(struct inode *inode);
struct inode *store_inode(struct store *store);
/* Puts the file's pages, its inode and the names that lead to it on disk and flushes the device. */
int inode_sync(struct inode *inode);

/* Whether INODE may be written: it is no running program's (store_deny_writing()), nor on a volume
   that is read-only. */
bool inode_may_write(const struct inode *inode);

/* The next entry of directory DIR at *POSITION (0 at first), "." and ".." left out.  Returns 1
   and fills NAME (FS_NAME_MAX + 1 bytes), 0 at the end, or an error. */
int fs_readdir(struct inode *dir, uint32_t *position, char *name);

const char *fs_error_text(int error);

#endif
