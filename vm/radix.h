/* Radix trees: sparse arrays of pointers, 32 to a node, as high as the largest index needs.
   Finding is a handful of steps; neighbours are visited in order.  Nodes come from port_alloc();
   the caller keeps two threads out, those that only look as well: a tree remembers where it was looked
   at last. */
#ifndef VM_RADIX_H
#define VM_RADIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RADIX_BITS  5
#define RADIX_SLOTS (1u << RADIX_BITS)

/* Private to radix.c, and here for the sake of radix_get(). */
struct radix_node {
  uint32_t present; /* Bit i: slots[i] is not NULL. */
  void *slots[RADIX_SLOTS];
};

struct radix {
  struct radix_node *root;
  uint32_t height; /* Levels of nodes; 0 when empty. */
  /* The lowest node that was found last, for its neighbours; NULL if none is known. */
  struct radix_node *leaf;
  uint32_t leaf_number; /* Its indexes / RADIX_SLOTS. */
};

/* Makes RADIX empty. */
void radix_init(struct radix *radix);
/* What stands at INDEX, or NULL; without what the tree remembers. */
void *radix_lookup(struct radix *radix, uint32_t index);

/* What stands at INDEX, or NULL. */
static inline void *radix_get(struct radix *radix, uint32_t index) {
  if (radix->leaf != NULL && radix->leaf_number == index / RADIX_SLOTS)
    return radix->leaf->slots[index % RADIX_SLOTS];
  return radix_lookup(radix, index);
}

/* Puts ITEM (not NULL) at INDEX, where nothing stood; false if there is no memory. */
bool radix_insert(struct radix *radix, uint32_t index, void *item);
/* Puts ITEM (not NULL) in the place of what stands at INDEX. */
void radix_replace(struct radix *radix, uint32_t index, void *item);
/* Takes away and returns what stands at INDEX; NULL if nothing did.  Frees emptied nodes. */
void *radix_remove(struct radix *radix, uint32_t index);
/* The first item at *INDEX or after it and at most LAST, *INDEX set to where it stands; NULL if
   there is none. */
void *radix_next(struct radix *radix, uint32_t *index, uint32_t last);
/* Whether nothing stands in RADIX. */
bool radix_is_empty(const struct radix *radix);

#endif
