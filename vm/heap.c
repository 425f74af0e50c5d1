/* The heap. */
#include "vm/heap.h"
#include "lib/round.h"
#include "lib/string.h"
#include "vm/addrspace.h"
#include "vm/error.h"
#include "vm/fault.h"
#include "vm/frame.h"
#include "vm/page.h"
#include "vm/port.h"
#include "vm/stack.h"

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

/* Gives the heap of AS pages [FROM, TO), if there are any in between. */
static int add_pages(struct addrspace *as, vpn_t from, vpn_t to) {
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

/* Raises AS's break to END; its lock is held. */
static int grow(struct addrspace *as, uaddr_t end) {
  if (end > stack_room(as) || end - as->heap_start > as->heap_limit) return VM_ELIMIT;
  int error = add_pages(as, page_up(as->heap_break), page_up(end));
  if (error == VM_OK) as->heap_break = end;
  return error;
}

/* Zeroes what AS's heap has between END and the end of that page, if the page was touched, so that
   it reads as zeroes when the heap grows again. */
static int clear_rest(struct addrspace *as, uaddr_t end) {
  uint32_t offset = end % VM_PAGE_SIZE, size = MIN(VM_PAGE_SIZE - offset, as->heap_break - end);
  if (offset == 0 || spt_get(as, vpn_of(end)) == NULL) return VM_OK;
  struct spte *spte;
  int error = vm_fault_mapped(as, end, ACCESS_WRITE, &spte);
  if (error != VM_OK) return error;
  memset((uint8_t *)frame_memory(spte->page->frame) + offset, 0, size);
  spte->page->dirty = true;
  port_vm_unlock();
  return VM_OK;
}

/* Lowers AS's break to END; its lock is held.  All that can fail comes first; an error in writing to
   a file what was mapped among the heap's pages comes too late to stop it. */
static int shrink(struct addrspace *as, uaddr_t end) {
  vpn_t to = page_up(end), old = page_up(as->heap_break);
  if (!region_cut(as, old, old)) return VM_ENOMEM;
  int error = clear_rest(as, end);
  if (error != VM_OK) return error;
  as->heap_break = end;
  return region_remove(as, to, old);
}

/* Moves the break of AS by DELTA bytes. */
int heap_move(struct addrspace *as, int32_t delta, uaddr_t *old) {
  uaddr_t end = as->heap_break + (uint32_t)delta;
  *old = as->heap_break;
  bool wraps = delta >= 0 ? end < as->heap_break : end > as->heap_break;
  if (wraps || end < as->heap_start) return VM_ERANGE;
  addrspace_lock(as);
  int error = delta < 0 ? shrink(as, end) : grow(as, end);
  addrspace_unlock(as);
  return error;
}
