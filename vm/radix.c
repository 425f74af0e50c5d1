/* Radix trees.  An inner node of level L covers 32^L indexes; level 1 nodes hold the items. */
#include "vm/radix.h"
#include <stddef.h>
#include "lib/debug.h"
#include "lib/round.h"
#include "vm/port.h"

#define NODE_BITS  5
#define NODE_SLOTS (1u << NODE_BITS)

struct radix_node {
  uint32_t used; /* Slots that are not NULL. */
  void *slots[NODE_SLOTS];
};

/* The slot of a node at LEVEL (1 is the lowest) on the way to INDEX. */
static inline uint32_t slot_of(uint32_t index, uint32_t level) {
  return index >> (level - 1) * NODE_BITS & (NODE_SLOTS - 1);
}

/* The highest index that a tree of HEIGHT levels can hold; HEIGHT is at least 1. */
static inline uint32_t height_last(uint32_t height) {
  return height * NODE_BITS >= 32 ? UINT32_MAX : (1u << height * NODE_BITS) - 1;
}

/* A new empty node, or NULL. */
static struct radix_node *node_alloc(void) {
  struct radix_node *node = port_alloc(sizeof *node);
  if (node == NULL) return NULL;
  node->used = 0;
  for (uint32_t i = 0; i < NODE_SLOTS; i++) node->slots[i] = NULL;
  return node;
}

/* Makes RADIX an empty tree. */
void radix_init(struct radix *radix) {
  radix->root = NULL;
  radix->height = 0;
}

/* Whether RADIX holds nothing. */
bool radix_is_empty(const struct radix *radix) {
  return radix->root == NULL;
}

/* What stands at INDEX, or NULL. */
void *radix_get(const struct radix *radix, uint32_t index) {
  if (radix->root == NULL || index > height_last(radix->height)) return NULL;
  void *at = radix->root;
  for (uint32_t level = radix->height; level > 0 && at != NULL; level--)
    at = ((struct radix_node *)at)->slots[slot_of(index, level)];
  return at;
}

/* Frees the nodes on the way to INDEX that hold nothing, from the lowest up, and lowers the tree
   while its root has a single child in slot 0. */
static void prune(struct radix *radix, uint32_t index) {
  for (uint32_t emptied = 1; emptied <= radix->height; emptied++) {
    struct radix_node *parent = NULL, *node = radix->root;
    for (uint32_t level = radix->height; level > emptied && node != NULL; level--) {
      parent = node;
      node = node->slots[slot_of(index, level)];
    }
    if (node == NULL) continue;
    if (node->used > 0) break;
    port_free(node);
    if (parent == NULL) {
      radix_init(radix);
      return;
    }
    parent->slots[slot_of(index, emptied + 1)] = NULL;
    parent->used--;
  }
  while (radix->height > 1 && radix->root->used == 1 && radix->root->slots[0] != NULL) {
    struct radix_node *old = radix->root;
    radix->root = old->slots[0];
    radix->height--;
    port_free(old);
  }
}

/* Raises RADIX until it can hold INDEX; false if there is no memory. */
static bool raise(struct radix *radix, uint32_t index) {
  if (radix->root == NULL) {
    radix->root = node_alloc();
    if (radix->root == NULL) return false;
    for (radix->height = 1; index > height_last(radix->height);) radix->height++;
  }
  while (index > height_last(radix->height)) {
    struct radix_node *root = node_alloc();
    if (root == NULL) return false;
    root->slots[0] = radix->root;
    root->used = 1;
    radix->root = root;
    radix->height++;
  }
  return true;
}

/* Puts ITEM at INDEX, where nothing stood; false, and nothing changed, if there is no memory. */
bool radix_insert(struct radix *radix, uint32_t index, void *item) {
  ASSERT(item != NULL);
  bool made = raise(radix, index);
  struct radix_node *node = radix->root;
  for (uint32_t level = radix->height; made && level > 1; level--) {
    void **slot = &node->slots[slot_of(index, level)];
    if (*slot == NULL) {
      *slot = node_alloc();
      if (*slot == NULL) {
        made = false;
        break;
      }
      node->used++;
    }
    node = *slot;
  }
  if (!made) {
    if (radix->root != NULL) prune(radix, MIN(index, height_last(radix->height)));
    return false;
  }
  void **slot = &node->slots[slot_of(index, 1)];
  ASSERT(*slot == NULL);
  *slot = item;
  node->used++;
  return true;
}

/* Takes away and returns what stands at INDEX; NULL if nothing did. */
void *radix_remove(struct radix *radix, uint32_t index) {
  if (radix->root == NULL || index > height_last(radix->height)) return NULL;
  struct radix_node *node = radix->root;
  for (uint32_t level = radix->height; level > 1 && node != NULL; level--)
    node = node->slots[slot_of(index, level)];
  if (node == NULL) return NULL;
  void **slot = &node->slots[slot_of(index, 1)];
  void *item = *slot;
  if (item == NULL) return NULL;
  *slot = NULL;
  if (--node->used == 0 || radix->root->used == 1) prune(radix, index);
  return item;
}

/* The first item of NODE at LEVEL at or after *INDEX, *INDEX set to where it stands.  If there is
   none, *INDEX is moved past all that NODE covers (0 if that is the end of all indexes). */
static void *next_in(struct radix_node *node, uint32_t level, uint32_t *index) {
  uint32_t span = 1u << (level - 1) * NODE_BITS;
  for (uint32_t slot = slot_of(*index, level); slot < NODE_SLOTS; slot++) {
    void *child = node->slots[slot];
    if (child != NULL) {
      void *item = level == 1 ? child : next_in(child, level - 1, index);
      if (item != NULL) return item;
    } else {
      *index = (*index | (span - 1)) + 1;
    }
  }
  return NULL;
}

/* The first item at *INDEX or after it and at most LAST, or NULL. */
void *radix_next(const struct radix *radix, uint32_t *index, uint32_t last) {
  if (radix->root == NULL || *index > height_last(radix->height) || *index > last) return NULL;
  uint32_t found = *index;
  void *item = next_in(radix->root, radix->height, &found);
  if (item == NULL || found > last) return NULL;
  *index = found;
  return item;
}
