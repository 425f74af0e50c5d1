/* Syncing: puts what was changed on disk; pages stay where they are.

   Nothing here is called with the VM lock held.  All may sleep. */
#ifndef VM_SYNC_H
#define VM_SYNC_H

#include <stdbool.h>
#include "vm/error.h"
#include "vm/types.h"

struct region;
struct store;

/* Writes every dirty page of STORE; waits for those that somebody else is writing, so that what was
   written before the call is on disk when it returns.  VM_OK, or VM_EIO if some could not be written,
   which stay dirty, or were lost before. */
int store_sync(struct store *store);
/* Whether some cached page of STORE is, or may be, dirty.  Does not sleep. */
bool store_is_dirty(struct store *store);

/* Writes to its file what was changed through pages [START, END) of REGION, if it is shared.  Address
   space's lock.  VM_OK, VM_EIO. */
int region_sync(struct region *region, vpn_t start, vpn_t end);
/* Writes to its file what was changed through REGION, if it is shared, and makes it safe there.  Address
   space's lock.  VM_OK, VM_EIO. */
int region_commit(struct region *region);

#endif
