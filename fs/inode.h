/* Inodes in memory, one struct for each number, found by a hash.

   - inode_get() and inode_create() give a held inode; inode_hold() and inode_put() count users.
   - An inode without users stays for its cached pages until INODE_UNUSED_MAX of them are there.
   - The last user of an inode without links frees its blocks. */
#ifndef FS_INODE_H
#define FS_INODE_H

#include <stdbool.h>
#include <stdint.h>
#include "fs/ext2.h"
#include "fs/fs.h"
#include "kern/sync.h"
#include "lib/list.h"

#define INODE_UNUSED_MAX 64

struct inode {
  struct store store; /* Its length is `size` for regular files, 0 for others. */
  struct node node;   /* With that store, unless it is a directory. */
  /* Fixed while in memory. */
  uint32_t number;
  uint16_t mode;
  uint32_t xattr_block;
  /* Inode table lock. */
  struct list_node hash_node;
  struct list_node unused_node; /* Listed: nobody uses it. */
  uint32_t users;
  uint32_t visitors; /* Of them: those who look through all, to put them on disk. */
  uint32_t uses;     /* How often somebody began to use it, modulo 2^32. */
  uint32_t parent;   /* names_lock: the number of the directory where it was found last. */
  /* `lock`; for directories also the volume's names_lock. */
  struct lock lock;
  uint32_t size;
  uint32_t sectors;
  uint32_t flags;
  uint32_t modify_time, change_time; /* Also set without the lock: inode_touch(). */
  uint32_t access_time;
  uint32_t goal;           /* Where its next block should be. */
  bool dirty;              /* The disk's inode is older. */
  bool is_new;             /* The disk's inode is a stranger's remains. */
  uint16_t links;          /* Written under names_lock and the table lock. */
  struct dir_index *index; /* Of a large directory, or NULL.  Guarded in dir_index.c. */
  /* Read without the lock.  From 0 to a block, and back only if a reservation fails half way. */
  uint32_t block[EXT2_POINTERS];
  /* Of block_map.c, atomic.  A reservation that is undone begins a new era, and waits for the transfers of
     the old one. */
  unsigned era;          /* 0 or 1. */
  unsigned transfers[2]; /* Under way that began in each. */
  bool waited_for;       /* Somebody waits for those of the old era. */
};

/* No inode is in memory; those to come have OPS as stores, and NODE_OPS as nodes. */
void inode_table_init(const struct store_ops *ops, const struct node_ops *node_ops);
/* Inode NUMBER, held for the caller.  names_lock held.  FS_ECORRUPT, FS_EIO, FS_ENOMEM, FS_EFBIG. */
int inode_get(uint32_t number, struct inode **result);
/* Inode NUMBER, held for the caller, if it is in memory and has a name; else NULL. */
struct inode *inode_find(uint32_t number);
/* A new inode of MODE, with LINKS links, near PARENT; not yet on disk.  names_lock held. */
int inode_create(struct inode *parent, uint16_t mode, uint16_t links, struct inode **result);
/* Puts INODE into its buffer.  Its lock is held. */
int inode_write(struct inode *inode);
/* INODE's content, or the names in it, are changed now.  Needs no lock, does not sleep. */
void inode_touch(struct inode *inode);
/* inode_touch() if somebody wrote to INODE through a mapping, as far as that is known. */
void inode_note_mapping(struct inode *inode);
/* The inode after PREVIOUS (NULL: the first) in memory, held for the caller as a visitor; gives PREVIOUS
   back.  The walk goes on until it gives NULL. */
struct inode *inode_next(struct inode *previous);
uint32_t inode_users(struct inode *inode); /* Visitors left out. */
bool inode_table_is_empty(void);
/* Sets the number of names that INODE has.  names_lock held. */
void inode_set_links(struct inode *inode, uint16_t links);
bool inode_is_removed(struct inode *inode); /* No name leads to it. */
/* Forgets inodes without users until KEEP are left, writing what has to be.  Called without names_lock:
   others find their files meanwhile.  The last error met; inodes whose pages cannot be written stay. */
int inode_drop_unused(uint32_t keep);
/* Takes INODE, which has no links, off the disk; its memory is left as it is. */
void inode_erase(struct inode *inode);

static inline uint16_t inode_type(const struct inode *inode) {
  return inode->mode & EXT2_MODE_TYPE;
}

#endif
