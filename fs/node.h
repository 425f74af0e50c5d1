/* Nodes: what a name leads to.

   Most are inodes of the mounted volume.  One name of its root may lead to nodes of somebody else's (fs_attach()),
   whose content is not on any disk.
   - fs_lookup() gives a held node, ready to be read; node_hold(), node_put() count users.
   - A node without a store is a directory; all others are read through their store (vm/store.h).
   - What is on disk is an inode: node_inode().  Nothing else is written, mapped, run, or has names made in it. */
#ifndef FS_NODE_H
#define FS_NODE_H

#include <stdbool.h>
#include <stdint.h>
#include "vm/store.h"

struct inode;
struct node;

/* A name in a directory. */
struct dir_name {
  const char *text; /* Not terminated. */
  uint32_t length;  /* 1 to FS_NAME_MAX. */
};

/* What there is to tell of a node; times in seconds since 1970. */
struct node_facts {
  uint32_t number, size, links;
  uint32_t sectors; /* Of 512 bytes, with all pointer blocks. */
  uint32_t block_size;
  uint32_t modify_time, change_time, access_time;
  bool is_dir;
};

/* Results are FS_OK or an fs_error. */
struct node_ops {
  void (*hold)(struct node *node); /* One more user; */
  void (*put)(struct node *node);  /* one fewer.  May sleep. */
  /* What NAME, which is not ".", leads to in directory DIR, held for the caller.  The lock of file names is held:
     no lock that comes before it is taken, and what has to be looked for elsewhere is left to open(). */
  int (*lookup)(struct node *dir, struct dir_name name, struct node **result);
  /* As fs_readdir(), of a directory. */
  int (*readdir)(struct node *dir, uint32_t *position, char *name);
  /* Fills in FACTS of NODE, held.  May sleep. */
  void (*describe)(struct node *node, struct node_facts *facts);
  /* *NODE, held, is going to be read from its start: what it shows is made, if it is made.  May put another node in
     its place, likewise held.  After an error *NODE is as it was.  No lock but that of an open file is held.  May sleep. */
  int (*open)(struct node **node);
};

struct node {
  const struct node_ops *ops; /* Fixed. */
  struct store *store;        /* Fixed while it is open; NULL: a directory. */
};

static inline struct node *node_hold(struct node *node) {
  node->ops->hold(node);
  return node;
}
static inline void node_put(struct node *node) {
  node->ops->put(node);
}
static inline bool node_is_dir(const struct node *node) {
  return node->store == NULL;
}
uint32_t node_number(struct node *node);
uint32_t node_size(struct node *node); /* Bytes. */
/* The inode that NODE is, or NULL; and the node that INODE is. */
struct inode *node_inode(struct node *node);
struct node *inode_node(struct inode *inode);

#endif
