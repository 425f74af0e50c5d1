/* The VM as a whole: starting it, and what it tells of itself. */
#ifndef VM_VM_H
#define VM_VM_H

#include <stdbool.h>
#include "vm/addrspace.h"
#include "vm/check.h"
#include "vm/stats.h"

/* Sets up frames, slots and the policy after OPTIONS; false if there is not enough kernel memory, or no such policy.
   Called once, at boot.  Does not sleep. */
bool vm_init(const struct vm_options *options);
/* Copies the system's figures to *STATS, each as it is when its turn comes.  Takes the VM lock for a bounded number of frames
   at a time.  Does not sleep. */
void vm_get_stats(struct vm_stats *stats);

/* Drops every page of the cache that can be dropped without I/O and that nobody maps.  Takes the VM lock for a bounded
   number of frames at a time.  Does not sleep. */
void vm_drop_clean(void);

#endif
