/* The heap. */
#include "vm/heap.h"
#include "lib/round.h"
#include "vm/addrspace.h"
#include "vm/error.h"
#include "vm/spt.h"
#include "vm/stack.h"
#include "vm/user.h"

/* The first page wholly at or after ADDRESS. */
static vpn_t page_up(uaddr_t address) {
  return DIV_ROUND_UP(address, VM_PAGE_SIZE);
}

/* Says where the heap of AS starts. */
void heap_init(struct addrspace *as, uaddr_t start) {
  as->heap_start = as->heap_break = start;
}

/* Where the room for the stack of AS starts: as far down as its limit lets it grow. */
static uaddr_t stack_room(const struct addrspace *as) {
  return USER_END - as->stack_limit - STACK_GUARD_PAGES * VM_PAGE_SIZE;
}

/* Grows the heap's pages of AS to END; its lock is held. */
static int grow(struct addrspace *as, uaddr_t end) {
  if (end > stack_room(as) || end - as->heap_start > as->heap_limit) return VM_ELIMIT;
  vpn_t from = page_up(as->heap_break), to = page_up(end);
  if (from == to) return VM_OK;
  if (!region_is_free(as, from, to)) return VM_ELIMIT;
  struct region *last = region_find(as, from - 1);
  if (last != NULL && last->kind == REGION_HEAP && last->prot == (PROT_READ | PROT_WRITE)) {
    region_set_end(last, to);
    return VM_OK;
  }
  struct region_spec spec = {
      .start = from, .end = to, .prot = PROT_READ | PROT_WRITE, .kind = REGION_HEAP};
  return region_add(as, &spec);
}

/* Takes the heap's pages of AS from END up away; its lock is held. */
static int shrink(struct addrspace *as, uaddr_t end) {
  vpn_t to = page_up(end), old = page_up(as->heap_break);
  return to < old ? region_remove(as, to, old) : VM_OK;
}

/* Zeroes what AS's heap has between END and the end of that page, if the page was touched, so that
   it reads as zeroes when the heap grows again. */
static int clear_rest(struct addrspace *as, uaddr_t end) {
  static const uint8_t zeroes[256];
  uaddr_t stop = MIN(vpn_address(page_up(end)), as->heap_break);
  addrspace_lock(as);
  bool touched = spt_get(as, vpn_of(end)) != NULL;
  addrspace_unlock(as);
  int error = VM_OK;
  while (touched && end < stop && error == VM_OK) {
    uint32_t size = MIN(stop - end, sizeof zeroes);
    error = user_write(as, end, zeroes, size);
    end += size;
  }
  return error;
}

/* Moves the break of AS by DELTA bytes. */
int heap_move(struct addrspace *as, int32_t delta, uaddr_t *old) {
  uaddr_t end = as->heap_break + (uint32_t)delta;
  *old = as->heap_break;
  bool wraps = delta >= 0 ? end < as->heap_break : end > as->heap_break;
  if (wraps || end < as->heap_start) return VM_ERANGE;
  int error = delta < 0 ? clear_rest(as, end) : VM_OK;
  if (error != VM_OK) return error;
  addrspace_lock(as);
  error = delta < 0 ? shrink(as, end) : grow(as, end);
  if (error == VM_OK) as->heap_break = end;
  addrspace_unlock(as);
  return error;
}
