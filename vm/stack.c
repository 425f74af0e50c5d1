/* Growing the stack. */
#include "vm/stack.h"
#include "lib/round.h"
#include "vm/addrspace.h"
#include "vm/error.h"

/* Whether the stack of AS would grow to ADDRESS: it lies at most STACK_SLACK below the user's esp,
   within the limit, and nothing else is near. */
int stack_check(struct addrspace *as, uaddr_t address) {
  const struct region *stack = as->stack;
  if (stack == NULL || address >= vpn_address(stack->start)) return VM_ENOMAP;
  if (address < as->user_esp && as->user_esp - address > STACK_SLACK) return VM_ENOMAP;
  if (USER_END - address > as->stack_limit) return VM_ELIMIT;
  vpn_t vpn = vpn_of(address);
  if (vpn <= STACK_GUARD_PAGES) return VM_ELIMIT;
  return region_is_free(as, vpn - STACK_GUARD_PAGES, stack->start) ? VM_OK : VM_ELIMIT;
}

/* The first page of AS that is kept for its stack and the gap below it: as far down as the limit lets it
   grow, or as it has grown under a higher one. */
vpn_t stack_room(const struct addrspace *as) {
  vpn_t lowest = VPN_END - as->stack_limit / VM_PAGE_SIZE;
  if (as->stack != NULL && as->stack->start < lowest) lowest = as->stack->start;
  return lowest - MIN(lowest, STACK_GUARD_PAGES);
}

/* Whether pages [START, END) meet the stack of AS or its guard. */
bool stack_is_near(struct addrspace *as, vpn_t start, vpn_t end) {
  const struct region *stack = as->stack;
  return stack != NULL && end + STACK_GUARD_PAGES > stack->start && start < stack->end;
}

/* Grows the stack of AS down to ADDRESS. */
int stack_grow(struct addrspace *as, uaddr_t address) {
  ASSERT(port_lock_is_mine(&as->lock));
  int error = stack_check(as, address);
  if (error == VM_OK) region_extend_down(as->stack, vpn_of(address));
  return error;
}
