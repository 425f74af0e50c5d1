/* Ranges of user pages that a call works on, region by region. */
#ifndef VM_RANGE_H
#define VM_RANGE_H

#include "vm/types.h"

struct addrspace;
struct region;

struct range {
  struct addrspace *as;
  vpn_t start, end;
};

/* Makes RANGE stand for the pages of LENGTH bytes at ADDRESS of AS.  VM_OK or VM_ERANGE. */
int range_init(struct range *range, struct addrspace *as, uaddr_t address, uint32_t length);
/* Whether all of RANGE is mapped: VM_OK or VM_ENOMAP.  Address space's lock. */
int range_check(const struct range *range);
/* Cuts the regions at the ends of RANGE, all of which is mapped, and runs VISIT(region, AUX) on each in
   it, until one returns an error.  Address space's lock.  VM_ENOMEM, or what VISIT returned. */
int range_visit(const struct range *range, int (*visit)(struct region *, void *aux), void *aux);
/* Checks RANGE and visits its regions so.  Takes the address space's lock.  VM_ENOMAP if not all is mapped,
   VM_ENOMEM, or what VISIT returned. */
int range_for_regions(const struct range *range, int (*visit)(struct region *, void *aux),
                      void *aux);

#endif
