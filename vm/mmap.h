/* Mappings: the table of file mappings that mmap and munmap work on. */
#ifndef VM_MMAP_H
#define VM_MMAP_H

#include "lib/list.h"
#include "vm/types.h"

struct addrspace;
struct store;

/* Maps all of STORE at ADDRESS of AS, shared: its pages are the file's own, and what is written
   goes back to it.  PROT are the rights, and all it can ever have.  Returns the mapping's id (above 0), or VM_EINVAL (empty
   file), VM_ERANGE (ADDRESS 0, unaligned, or the range leaves user space), VM_EOVERLAP, VM_ENOMEM;
   after an error nothing changed.  Takes AS's lock. */
int mapping_add(struct addrspace *as, struct store *store, uaddr_t address, uint8_t prot);
/* Unmaps what is left of mapping ID of AS and writes back what was changed through it.  VM_OK,
   VM_EINVAL if there is no such mapping, or what writing back met.  Takes AS's lock; may sleep. */
int mapping_remove(struct addrspace *as, int id);
/* Gives CHILD the same mappings as PARENT, whose regions it has.  Both locks. VM_OK or VM_ENOMEM. */
int mapping_copy_all(struct addrspace *parent, struct addrspace *child);
/* Frees the records of all mappings of AS. */
void mapping_free_all(struct addrspace *as);

#endif
