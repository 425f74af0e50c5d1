/* Anonymous stores: memory that several processes share, without a file. */
#ifndef VM_ANONYMOUS_H
#define VM_ANONYMOUS_H

#include <stdbool.h>

struct store;

/* A new store of zeroes, held by the caller (ops->release gives it up); its pages go to swap.
   NULL if there is no memory. */
struct store *anonymous_create(void);

/* Whether STORE, anonymous, has a single region, with which it ends.  VM lock. */
bool anonymous_has_one_user(const struct store *store);

#endif
