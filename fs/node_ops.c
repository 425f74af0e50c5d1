/* Nodes, and what inodes do as such. */
#include "fs/dir.h"
#include "fs/inode.h"
#include "fs/names.h"
#include "lib/string.h"

/* The inode of NODE, which is one. */
static struct inode *inode_of(struct node *node) {
  return container_of(node, struct inode, node);
}

/* One more user. */
static void hold(struct node *node) {
  inode_hold(inode_of(node));
}

/* One fewer. */
static void put(struct node *node) {
  inode_put(inode_of(node));
}

/* Finds the entry NAME of DIR; symbolic links as they are. */
static int lookup(struct node *dir, struct dir_name name, struct node **result) {
  uint32_t number;
  struct inode *inode;
  int error = dir_lookup(inode_of(dir), name, &number);
  if (error == FS_OK) error = inode_get(number, &inode);
  if (error != FS_OK) return error;
  bool is_above = name.length == 2 && memcmp(name.text, "..", 2) == 0;
  if (!is_above) inode->parent = inode_of(dir)->number;
  *result = &inode->node;
  return FS_OK;
}

/* Gives the next entry of DIR. */
static int readdir(struct node *dir, uint32_t *position, char *name) {
  int error = names_enter();
  if (error != FS_OK) return error;
  error = dir_next(inode_of(dir), position, name);
  names_leave();
  return error;
}

/* Tells about the inode. */
static void describe(struct node *node, struct node_facts *facts) {
  inode_describe(inode_of(node), facts);
}

/* All that can be read is on disk. */
static int open(struct node **node) {
  (void)node;
  return FS_OK;
}

const struct node_ops inode_node_ops = {.hold = hold,
                                        .put = put,
                                        .lookup = lookup,
                                        .readdir = readdir,
                                        .describe = describe,
                                        .open = open};

/* The inode that NODE is, or NULL. */
struct inode *node_inode(struct node *node) {
  return node->ops == &inode_node_ops ? inode_of(node) : NULL;
}

/* The node that INODE is. */
struct node *inode_node(struct inode *inode) {
  return &inode->node;
}

/* NODE's number. */
uint32_t node_number(struct node *node) {
  struct node_facts facts;
  node->ops->describe(node, &facts);
  return facts.number;
}

/* NODE's bytes: of a directory those that its entries take. */
uint32_t node_size(struct node *node) {
  struct node_facts facts;
  if (!node_is_dir(node)) return store_length(node->store);
  node->ops->describe(node, &facts);
  return facts.size;
}
