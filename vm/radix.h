/* Radix trees: sparse arrays of pointers, 32 to a node, as high as the largest index needs.
   Finding is a handful of steps; neighbours are visited in order.  Nodes come from port_alloc();
   the caller keeps two threads out. */
#ifndef VM_RADIX_H
#define VM_RADIX_H

#include <stdbool.h>
#include <stdint.h>

struct radix_node;

struct radix {
  struct radix_node *root;
  uint32_t height; /* Levels of nodes; 0 when empty. */
};

void radix_init(struct radix *radix);
/* What stands at INDEX, or NULL. */
void *radix_get(const struct radix *radix, uint32_t index);
/* Puts ITEM (not NULL) at INDEX, where nothing stood; false if there is no memory. */
bool radix_insert(struct radix *radix, uint32_t index, void *item);
/* Takes away and returns what stands at INDEX; NULL if nothing did.  Frees emptied nodes. */
void *radix_remove(struct radix *radix, uint32_t index);
/* The first item at *INDEX or after it and at most LAST, *INDEX set to where it stands; NULL if
   there is none. */
void *radix_next(const struct radix *radix, uint32_t *index, uint32_t last);
bool radix_is_empty(const struct radix *radix);

#endif
