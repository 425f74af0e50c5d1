/* Ranges of user pages. */
#include "vm/range.h"
#include "lib/round.h"
#include "vm/addrspace.h"
#include "vm/error.h"
#include "vm/page.h"
#include "vm/port.h"
#include "vm/walk.h"

/* Makes RANGE stand for LENGTH bytes at ADDRESS of AS. */
int range_init(struct range *range, struct addrspace *as, uaddr_t address, uint32_t length) {
  if (length == 0 || address % VM_PAGE_SIZE != 0) return VM_ERANGE;
  if (address == 0 || address >= USER_END || length > USER_END - address) return VM_ERANGE;
  range->as = as;
  range->start = vpn_of(address);
  range->end = range->start + DIV_ROUND_UP(length, VM_PAGE_SIZE);
  return VM_OK;
}

/* Whether all of RANGE is mapped. */
int range_check(const struct range *range) {
  ASSERT(range->start > 0 && range->start < range->end && range->end <= VPN_END);
  for (vpn_t vpn = range->start; vpn < range->end;) {
    struct region *region = region_find(range->as, vpn);
    if (region == NULL) return VM_ENOMAP;
    vpn = region->end;
  }
  return VM_OK;
}

/* Runs VISIT over the regions of RANGE, all of which is mapped. */
int range_visit(const struct range *range, int (*visit)(struct region *, void *aux), void *aux) {
  int error = VM_OK;
  ASSERT(port_lock_is_mine(&range->as->lock));
  if (!region_cut(range->as, range->start, range->end)) return VM_ENOMEM;
  for (vpn_t vpn = range->start; vpn < range->end && error == VM_OK;) {
    struct region *region = region_find(range->as, vpn);
    vpn = region->end;
    error = visit(region, aux);
  }
  return error;
}

/* Checks RANGE and runs VISIT over its regions. */
int range_for_regions(const struct range *range, int (*visit)(struct region *, void *aux),
                      void *aux) {
  addrspace_lock(range->as);
  int error = range_check(range);
  if (error == VM_OK) error = range_visit(range, visit, aux);
  addrspace_unlock(range->as);
  return error;
}
