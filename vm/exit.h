/* Exit: the end of an address space. */
#ifndef VM_EXIT_H
#define VM_EXIT_H

#include "vm/addrspace.h"

/* Gives back every region, page, slot and the pmap, and AS itself; writes back what its shared
   mappings changed.  Nobody else uses AS.  Takes its lock and the VM lock.  May sleep. */
void addrspace_destroy(struct addrspace *as);

#endif
