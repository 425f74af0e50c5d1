/* The stack of an address space: a region that grows down when it is touched below its start. */
#ifndef VM_STACK_H
#define VM_STACK_H

#include <stdbool.h>
#include "vm/types.h"

struct addrspace;

/* How far below esp an access still counts as one to the stack: PUSHA writes 32 bytes before it
   moves esp (Intel SDM, PUSHA). */
#define STACK_SLACK 32

/* Pages that stay free between the stack and what is mapped below it. */
#define STACK_GUARD_PAGES 16

/* Whether the stack of AS would grow to ADDRESS: VM_OK, VM_ENOMAP if this is no access to the
   stack, or VM_ELIMIT if the limit or another region is in the way.  Address space's lock; does not sleep. */
int stack_check(struct addrspace *as, uaddr_t address);
/* The first page kept for the stack of AS and the gap below it, whether it has grown there or its limit
   lets it.  Address space's lock; does not sleep. */
vpn_t stack_room(const struct addrspace *as);
/* Whether [START, END) meets the stack of AS as it has grown, or its guard.  Address space's lock; does not sleep. */
bool stack_is_near(struct addrspace *as, vpn_t start, vpn_t end);
/* Grows the stack of AS to ADDRESS if stack_check() agrees, whose result it gives.  Address space's lock; does not sleep. */
int stack_grow(struct addrspace *as, uaddr_t address);

#endif
