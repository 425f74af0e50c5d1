/* Page-out: sends pages home.

   Clean pages just go.  Dirty ones are written in clusters: of neighbouring slots, or of neighbouring
   pages of a file.  Nothing here allocates memory or waits for a lock that a faulting thread can hold.
   All functions: VM lock, given up during a write. */
#ifndef VM_PAGEOUT_H
#define VM_PAGEOUT_H

#include <stdbool.h>
#include "vm/types.h"

struct addrspace;
struct page;
struct store;

#define CLUSTER_MAX 16 /* Pages written in one request. */

/* Makes clusters an eighth of FRAMES pages at most, so that writing one does not empty the pool. */
void pageout_init(frameno_t frames);

/* Frees the frame of PAGE, which nobody maps and which is clean.  Keeps the VM lock. */
void pageout_clean(struct page *page);
/* Writes PAGE, which nobody maps and which is dirty, home, and with it others that go well with it.
   Whether some frame became free.  What could not be written stays RESIDENT and dirty. */
bool pageout_dirty(struct page *page);
/* Sends home all that AS, in which nobody runs meanwhile, has in memory for itself, in the order of its addresses: a request
   has none but its pages.  What cannot go stays RESIDENT. */
void pageout_own(struct addrspace *as);
/* Writes PAGE, which nobody maps, to its file once more; if that fails again it is given up and its
   store is `lost'.  Its frame is free then. */
void pageout_unwritten(struct page *page);

/* Writes COUNT (at most CLUSTER_MAX) neighbouring PAGES of STORE, from INDEX on, from their frames,
   in one request; if that fails, each alone.  Those that could not be written are `unwritten'
   afterwards, the others not: whether all went. */
bool pageout_to_file(struct store *store, pindex_t index, struct page *const pages[],
                     unsigned count);

#endif
