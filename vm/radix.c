/* Radix trees.  An inner node of level L covers 32^L indexes; level 1 nodes, the leaves, hold the
   items.  No node is empty. */
#include "vm/radix.h"
#include "lib/debug.h"
#include "lib/round.h"
#include "lib/string.h"
#include "vm/port.h"

#define LEVELS_MAX 7 /* 7 * 5 bits are more than 32. */

/* The nodes on the way to an index, by their level. */
struct path {
  struct radix_node *nodes[LEVELS_MAX + 1];
};

/* The slot of a node at LEVEL (1 is the lowest) on the way to INDEX. */
static inline uint32_t slot_of(uint32_t index, uint32_t level) {
  return index >> (level - 1) * RADIX_BITS & (RADIX_SLOTS - 1);
}

/* The highest index that a tree of HEIGHT levels can hold; HEIGHT is at least 1. */
static inline uint32_t height_last(uint32_t height) {
  return height * RADIX_BITS >= 32 ? UINT32_MAX : (1u << height * RADIX_BITS) - 1;
}

/* A new empty node, or NULL. */
static struct radix_node *node_alloc(void) {
  struct radix_node *node = port_alloc(sizeof *node);
  if (node != NULL) memset(node, 0, sizeof *node);
  return node;
}

/* Puts ITEM into the free SLOT of NODE. */
static inline void node_set(struct radix_node *node, uint32_t slot, void *item) {
  ASSERT(item != NULL && node->slots[slot] == NULL);
  node->slots[slot] = item;
  node->present |= 1u << slot;
}

/* Empties SLOT of NODE. */
static inline void node_clear(struct radix_node *node, uint32_t slot) {
  node->slots[slot] = NULL;
  node->present &= ~(1u << slot);
}

/* Makes RADIX an empty tree. */
void radix_init(struct radix *radix) {
  *radix = (struct radix){.root = NULL};
}

/* Whether RADIX holds nothing. */
bool radix_is_empty(const struct radix *radix) {
  return radix->root == NULL;
}

/* Remembers LEAF as the one that INDEX belongs to. */
static inline void leaf_remember(struct radix *radix, struct radix_node *leaf, uint32_t index) {
  radix->leaf = leaf;
  radix->leaf_number = index / RADIX_SLOTS;
}

/* The leaf that INDEX belongs to, remembered; or NULL. */
static struct radix_node *leaf_lookup(struct radix *radix, uint32_t index) {
  if (radix->leaf != NULL && radix->leaf_number == index / RADIX_SLOTS) return radix->leaf;
  if (radix->root == NULL || index > height_last(radix->height)) return NULL;
  struct radix_node *node = radix->root;
  for (uint32_t shift = (radix->height - 1) * RADIX_BITS; shift > 0 && node != NULL;
       shift -= RADIX_BITS)
    node = node->slots[index >> shift & (RADIX_SLOTS - 1)];
  if (node != NULL) leaf_remember(radix, node, index);
  return node;
}

/* What stands at INDEX, or NULL. */
void *radix_lookup(struct radix *radix, uint32_t index) {
  struct radix_node *leaf = leaf_lookup(radix, index);
  return leaf != NULL ? leaf->slots[index % RADIX_SLOTS] : NULL;
}

/* Fills PATH with the nodes on the way to INDEX, from the root down as far as there are any;
   returns the level of the lowest. */
static uint32_t find_path(const struct radix *radix, uint32_t index, struct path *path) {
  uint32_t level = radix->height;
  struct radix_node *node = radix->root;
  for (;;) {
    path->nodes[level] = node;
    if (level == 1) return 1;
    node = node->slots[slot_of(index, level)];
    if (node == NULL) return level;
    level--;
  }
}

/* Lowers RADIX while its root has a single child, in slot 0. */
static void lower(struct radix *radix) {
  while (radix->height > 1 && radix->root->present == 1) {
    struct radix_node *old = radix->root;
    radix->root = old->slots[0];
    radix->height--;
    port_free(old);
  }
}

/* Frees the nodes of PATH, the way to INDEX, that hold nothing, from LEVEL up. */
static void prune(struct radix *radix, uint32_t index, const struct path *path, uint32_t level) {
  radix->leaf = NULL;
  while (path->nodes[level]->present == 0) {
    port_free(path->nodes[level]);
    if (level == radix->height) {
      radix_init(radix);
      return;
    }
    level++;
    node_clear(path->nodes[level], slot_of(index, level));
  }
  lower(radix);
}

/* Raises RADIX until it can hold INDEX; false if there is no memory, and it may be too high then. */
static bool raise(struct radix *radix, uint32_t index) {
  if (radix->root == NULL) {
    radix->root = node_alloc();
    if (radix->root == NULL) return false;
    for (radix->height = 1; index > height_last(radix->height);) radix->height++;
  }
  while (index > height_last(radix->height)) {
    struct radix_node *root = node_alloc();
    if (root == NULL) return false;
    node_set(root, 0, radix->root);
    radix->root = root;
    radix->height++;
  }
  return true;
}

/* The leaf that INDEX belongs to, made if there was none, and remembered; NULL, and nothing
   changed, if there is no memory.  One that was made must be filled at once. */
static struct radix_node *leaf_make(struct radix *radix, uint32_t index) {
  if (radix->leaf != NULL && radix->leaf_number == index / RADIX_SLOTS) return radix->leaf;
  if (!raise(radix, index)) {
    lower(radix);
    return NULL;
  }
  struct path path;
  uint32_t level = find_path(radix, index, &path);
  while (level > 1) {
    struct radix_node *node = node_alloc();
    if (node == NULL) {
      prune(radix, index, &path, level);
      return NULL;
    }
    node_set(path.nodes[level], slot_of(index, level), node);
    path.nodes[--level] = node;
  }
  leaf_remember(radix, path.nodes[1], index);
  return radix->leaf;
}

/* Puts ITEM at INDEX, where nothing stood; false, and nothing changed, if there is no memory. */
bool radix_insert(struct radix *radix, uint32_t index, void *item) {
  struct radix_node *leaf = leaf_make(radix, index);
  if (leaf == NULL) return false;
  node_set(leaf, index % RADIX_SLOTS, item);
  return true;
}

/* Puts ITEM in the place of what stands at INDEX. */
void radix_replace(struct radix *radix, uint32_t index, void *item) {
  struct radix_node *leaf = leaf_lookup(radix, index);
  ASSERT(item != NULL && leaf != NULL && leaf->slots[index % RADIX_SLOTS] != NULL);
  leaf->slots[index % RADIX_SLOTS] = item;
}

/* Takes away and returns what stands at INDEX; NULL if nothing did. */
void *radix_remove(struct radix *radix, uint32_t index) {
  struct radix_node *leaf = leaf_lookup(radix, index);
  void *item = leaf != NULL ? leaf->slots[index % RADIX_SLOTS] : NULL;
  if (item == NULL) return NULL;
  node_clear(leaf, index % RADIX_SLOTS);
  if (leaf->present > 0) return item;
  struct path path;
  uint32_t level = find_path(radix, index, &path);
  prune(radix, index, &path, level);
  return item;
}

/* The leaf that holds the first item at *INDEX or after it, *INDEX moved to that.  NULL if *INDEX was
   moved past a part of the tree that holds nothing more, to 0 if that was the last. */
static struct radix_node *leaf_at_or_after(const struct radix *radix, uint32_t *index) {
  struct radix_node *node = radix->root;
  for (uint32_t shift = (radix->height - 1) * RADIX_BITS;; shift -= RADIX_BITS) {
    uint32_t slot = *index >> shift & (RADIX_SLOTS - 1);
    uint32_t rest = node->present >> slot;
    if (rest == 0) {
      *index = (*index | height_last(shift / RADIX_BITS + 1)) + 1;
      return NULL;
    }
    uint32_t skip = (uint32_t)__builtin_ctz(rest);
    if (skip > 0) *index = ((*index >> shift) + skip) << shift;
    if (shift == 0) return node;
    node = node->slots[slot + skip];
  }
}

/* The first item at *INDEX or after it and at most LAST, or NULL; the leaf is remembered. */
void *radix_next(struct radix *radix, uint32_t *index, uint32_t last) {
  if (radix->leaf != NULL && radix->leaf_number == *index / RADIX_SLOTS) {
    void *item = radix->leaf->slots[*index % RADIX_SLOTS];
    if (item != NULL && *index <= last) return item;
  }
  if (radix->root == NULL) return NULL;
  last = MIN(last, height_last(radix->height));
  uint32_t at = *index;
  while (at <= last) {
    struct radix_node *leaf = leaf_at_or_after(radix, &at);
    if (leaf == NULL && at == 0) return NULL;
    if (leaf == NULL || at > last) continue;
    leaf_remember(radix, leaf, at);
    *index = at;
    return leaf->slots[at % RADIX_SLOTS];
  }
  return NULL;
}
