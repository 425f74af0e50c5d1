/* Mappings: the table of file mappings that mmap and munmap work on. */
#ifndef VM_MMAP_H
#define VM_MMAP_H

#include "lib/list.h"
#include "vm/types.h"

struct addrspace;
struct store;

/* Maps all of STORE at ADDRESS of AS, shared: its pages are the file's own, and what is written
   goes back to it.  PROT are the rights, and all it can ever have.  Takes AS's lock.  May sleep.  The mapping's id (above 0),
   or VM_EINVAL (empty file), VM_ERANGE (ADDRESS 0, unaligned, or the range leaves user space), VM_EOVERLAP, VM_ENOMEM;
   after an error nothing changed. */
int mapping_add(struct addrspace *as, struct store *store, uaddr_t address, uint8_t prot);
/* Unmaps what is left of mapping ID of AS and writes back what was changed through it.  Takes AS's lock.  May sleep.
   VM_OK, VM_EINVAL if there is no such mapping, or VM_EIO, VM_ENOSPC if not all was written back. */
int mapping_remove(struct addrspace *as, int id);
/* Gives CHILD records of the mappings of PARENT, whose regions it gets.  Both locks.  Does not sleep.  VM_OK or VM_ENOMEM. */
int mapping_copy_all(struct addrspace *parent, struct addrspace *child);
/* Frees the records of all mappings of AS.  AS's lock.  Does not sleep. */
void mapping_free_all(struct addrspace *as);

#endif
