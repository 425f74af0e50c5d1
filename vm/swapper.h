/* Swapping: an address space leaves memory as a whole, and comes back.

   Paging sends single pages home, those that seem to be needed least.  This is for a process that will not run for a while:
   all that it alone has in memory is others' then.  What is to come back is noted, so that it need not fault on each page of
   it. */
#ifndef VM_SWAPPER_H
#define VM_SWAPPER_H

#include <stdbool.h>
#include "vm/types.h"

struct addrspace;

/* Runs of neighbouring pages that are noted; others come back when they are asked for. */
#define RESIDENT_RUNS 12

/* What an address space had in memory, and what is to come back. */
struct resident_set {
  uint32_t pages; /* It had so many, with small gaps between them. */
  uint32_t noted; /* So many have not come back yet, */
  unsigned next;  /* from this run on, */
  unsigned count; /* of so many. */
  struct {
    vpn_t start, end;
  } runs[RESIDENT_RUNS]; /* In the order of their addresses. */
};

/* Sends home what AS, in which nobody runs meanwhile, has in memory for itself; what cannot go stays.  Its turn ends.  SET tells
   what is to come back: what it had in memory, or, if ALL, all that it alone has in slots then.  Takes the VM lock, may
   sleep. */
void addrspace_swap_out(struct addrspace *as, struct resident_set *set, bool all);
/* Brings some of the pages of SET in, if frames are free for all of them.  False if there are no more to bring in, or not
   enough frames.  Takes AS's lock and the VM lock, may sleep. */
bool addrspace_swap_in(struct addrspace *as, struct resident_set *set);

#endif
