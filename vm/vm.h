/* The VM as a whole: starting it, and what it tells of itself. */
#ifndef VM_VM_H
#define VM_VM_H

#include <stdbool.h>
#include "vm/addrspace.h"
#include "vm/check.h"
#include "vm/stats.h"

/* Sets up frames and slots; false if there is not enough kernel memory. */
bool vm_init(const struct vm_options *options);
void vm_get_stats(struct vm_stats *stats);

/* Drops every page of the cache that can be dropped without I/O and that nobody maps. */
void vm_drop_clean(void);

#endif
