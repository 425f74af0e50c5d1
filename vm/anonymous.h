/* Anonymous stores: memory that several processes share, without a file. */
#ifndef VM_ANONYMOUS_H
#define VM_ANONYMOUS_H

#include <stdbool.h>
#include <stdint.h>

struct store;

/* A new store of zeroes, held by the caller (ops->release gives it up); its pages go to swap.
   NULL if there is no memory. */
struct store *anonymous_create(void);
/* STORE, anonymous, which nobody maps, has LENGTH bytes from now on: so much is read of what was written to it. */
void anonymous_set_length(struct store *store, uint32_t length);

/* Whether STORE, anonymous, has a single region, with which it ends.  VM lock. */
bool anonymous_has_one_user(const struct store *store);

#endif
