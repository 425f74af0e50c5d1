/* What the end of a process would give back: for who chooses one when memory is out.

   A page is its *own* if nobody else has an entry for it, it is in a frame or in a slot, and it would not stay in the
   cache of a file.  Of pages that several have, each has an equal *share*. */
#ifndef VM_OWN_H
#define VM_OWN_H

#include <stdint.h>

struct addrspace;

#define OWN_PARTS 64 /* Of a page: shares are counted in these. */

struct vm_own {
  uint32_t pages;  /* Its own. */
  uint32_t parts;  /* Its own pages and its shares of others, in parts of a page. */
  uint32_t kernel; /* Bytes of kernel memory: records of pages, entries and regions, page tables. */
};

/* Counts OWN of AS, each page as it is when its turn comes; kernel memory roughly.  AS may be in use, and must not end
   meanwhile: its own lock is not needed.  Takes the VM lock for a bounded number of entries at a time. */
void vm_count_own(struct addrspace *as, struct vm_own *own);

#endif
