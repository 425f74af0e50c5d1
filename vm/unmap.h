/* Unmapping: takes regions, or parts of them, out of an address space. */
#ifndef VM_UNMAP_H
#define VM_UNMAP_H

#include "vm/types.h"

struct addrspace;
struct region;

/* Takes pages [START, END) out of AS's regions, shortening those at the ends; their pages are given
   up, and what shared mappings changed is written to its file.  Address space's lock; takes the VM lock.  May sleep.
   VM_OK, VM_ENOMEM (nothing changed; only where one region is on both sides), or VM_EIO, VM_ENOSPC
   from writing back (all is unmapped nevertheless). */
int unmap_pages(struct addrspace *as, vpn_t start, vpn_t end);
/* Takes REGION out as a whole.  Locks, sleep and errors are those of unmap_pages(). */
int unmap_region(struct region *region);
#endif
