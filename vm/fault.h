/* The one entry for page faults: traps, copies to and from user memory, and pinning use it. */
#ifndef VM_FAULT_H
#define VM_FAULT_H

#include "vm/types.h"

struct addrspace;
struct spte;

enum vm_access { ACCESS_READ, ACCESS_WRITE };

/* Makes ADDRESS of AS accessible for ACCESS: finds its region or grows the stack, brings the page
   in, copies it if it is private and to be written, and enters it in the pmap.  Takes AS's lock and the VM lock; no
   other but those before AS's in the order is held.  May sleep.  VM_OK, or VM_ENOMAP, VM_EACCESS, VM_ELIMIT, VM_EEOF,
   VM_EIO, VM_ENOMEM, VM_ENOFRAME, VM_ENOSPC; after an error nothing changed. */
int vm_fault(struct addrspace *as, uaddr_t address, enum vm_access access);

/* Does what vm_fault() does.  AS's lock on entry and on return; takes the VM lock.  May sleep.  VM_OK or an error of
   vm_fault(). */
int vm_fault_locked(struct addrspace *as, uaddr_t address, enum vm_access access);
/* Makes ADDRESS of AS accessible for ACCESS, for who works on the page then: its entry, mapped, in *SPTE.  AS's lock on
   entry and on return, and on return with VM_OK the VM lock.  May sleep.  VM_OK or an error of vm_fault(). */
int vm_fault_mapped(struct addrspace *as, uaddr_t address, enum vm_access access,
                    struct spte **spte);

#endif
