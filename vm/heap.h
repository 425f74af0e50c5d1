/* The heap: a region that starts right after the program's bss and ends at the break. */
#ifndef VM_HEAP_H
#define VM_HEAP_H

#include "vm/types.h"

struct addrspace;

/* Says where the heap of AS, which has none yet, starts: the first byte after the bss.  Nobody else
   uses AS yet.  Does not sleep. */
void heap_init(struct addrspace *as, uaddr_t start);

/* Moves the break of AS by DELTA bytes, up or down, and returns the old one in *OLD.  What is given
   back is gone: pages and slots are freed, whatever their rights, and bytes read as zeroes if they
   come again.  Takes AS's lock and the VM lock.  May sleep.  VM_OK; VM_ERANGE (below the start, or around the end of memory), VM_ENOMEM; for more,
   also VM_ELIMIT (the heap's limit, another region, or the room kept for the stack is in the way), or
   what clearing the rest of the break's page met; then nothing changed.  DELTA 0 is always VM_OK.  For
   less, VM_ENOMEM comes only where a mapping reaches over the break. */
int heap_move(struct addrspace *as, int32_t delta, uaddr_t *old);

#endif
