/* Fork: a second address space with the same content, nothing of it copied. */
#ifndef VM_FORK_H
#define VM_FORK_H

struct addrspace;

/* Makes *CHILD, a new address space with the regions of PARENT: private pages are shared until
   either side writes, shared mappings stay shared, swapped pages share their slot.  Takes PARENT's lock, the child's and the
   VM lock.  May sleep.  VM_OK, VM_ENOMEM, or VM_ENOFRAME where there is no room for copies of a few pages; after an error there
   is no child, and PARENT is unharmed. */
int addrspace_fork(struct addrspace *parent, struct addrspace **child);

#endif
