/* The heap. */
#include "vm/heap.h"
#include "lib/round.h"
#include "lib/string.h"
#include "vm/addrspace.h"
#include "vm/error.h"
#include "vm/fault.h"
#include "vm/frame.h"
#include "vm/page.h"
#include "vm/stack.h"
#include "vm/unmap.h"

/* The first page wholly at or after ADDRESS. */
static vpn_t page_up(uaddr_t address) {
  return DIV_ROUND_UP(address, VM_PAGE_SIZE);
}

/* Says where the heap of AS starts. */
void heap_init(struct addrspace *as, uaddr_t start) {
  as->heap_start = as->heap_break = as->heap_used = start;
}

/* Gives the heap of AS pages [FROM, TO), which are free, if there are any in between. */
static int add_pages(struct addrspace *as, vpn_t from, vpn_t to) {
  if (from == to) return VM_OK;
  struct region *last = region_find(as, from - 1);
  if (last != NULL && last->kind == REGION_HEAP && last->prot == (PROT_READ | PROT_WRITE)) {
    region_set_end(last, to);
    return VM_OK;
  }
  struct region_spec spec = {
      .start = from, .end = to, .prot = PROT_READ | PROT_WRITE, .kind = REGION_HEAP};
  return region_add(as, &spec);
}

/* Sets the rights of REGION to PROT, for those who look without the address space's lock. */
static void set_rights(struct region *region, uint8_t prot) {
  port_vm_lock();
  region->prot = prot;
  region_changed(region);
  port_vm_unlock();
}

/* Records that SPTE was taken out of the pmap. */
static EVENT_COLD void note_unmapped(const struct spte *spte) {
  event_note(UNMAP_RUN, spte->block->as->number, 0, ROUND_DOWN(spte->vpn, SPT_BLOCK),
             spte_bit(spte));
}

/* Zeroes what the heap of AS had behind its break before it shrank, in the break's page, so that bytes
   which come again read as zeroes.  The page may have any rights; one that vm_map() put there stays as it
   is. */
static int clear_rest(struct addrspace *as) {
  uaddr_t end = as->heap_break;
  uint32_t size = as->heap_used - end;
  struct region *region = size > 0 ? region_find(as, vpn_of(end)) : NULL;
  if (region == NULL || region->kind == REGION_MAPPING) return VM_OK;
  if (!spt_is_touched(as, vpn_of(end))) return VM_OK;
  ASSERT(size < VM_PAGE_SIZE && end % VM_PAGE_SIZE != 0);
  uint8_t prot = region->prot;
  struct spte *spte;
  set_rights(region, PROT_READ | PROT_WRITE);
  int error = vm_fault_mapped(as, end, ACCESS_WRITE, &spte);
  if (error != VM_OK) {
    set_rights(region, prot);
    return error;
  }
  memset((uint8_t *)frame_memory(spte->page->frame) + end % VM_PAGE_SIZE, 0, size);
  spte->page->dirty = true;
  if ((prot & PROT_WRITE) == 0) {
    spte_unmap(spte);
    if (event_wanted()) note_unmapped(spte);
  }
  port_vm_unlock();
  set_rights(region, prot);
  return VM_OK;
}

/* Raises AS's break to END; its lock is held. */
static int grow(struct addrspace *as, uaddr_t end) {
  vpn_t from = page_up(as->heap_break), to = page_up(end);
  if (end > vpn_address(stack_room(as)) || end - as->heap_start > as->heap_limit) return VM_ELIMIT;
  if (from < to && !region_is_free(as, from, to)) return VM_ELIMIT;
  int error = clear_rest(as);
  if (error == VM_OK) error = add_pages(as, from, to);
  if (error == VM_OK) as->heap_break = as->heap_used = end;
  return error;
}

/* Lowers AS's break to END; its lock is held.  Giving back needs no page, so neither rights nor a
   shortage nor a disk are in its way.  What was mapped from a file among the heap's pages and cannot be
   written now stays with the file, whose next sync tells. */
static int shrink(struct addrspace *as, uaddr_t end) {
  ASSERT(end >= as->heap_start && end <= as->heap_break);
  vpn_t to = page_up(end), old = page_up(as->heap_break);
  if (!region_cut(as, old, old)) return VM_ENOMEM;
  as->heap_break = end;
  as->heap_used = MIN(as->heap_used, vpn_address(to));
  unmap_pages(as, to, old);
  return VM_OK;
}

/* Moves the break of AS by DELTA bytes. */
int heap_move(struct addrspace *as, int32_t delta, uaddr_t *old) {
  uaddr_t end = as->heap_break + (uint32_t)delta;
  *old = as->heap_break;
  bool wraps = delta >= 0 ? end < as->heap_break : end > as->heap_break;
  if (wraps || end < as->heap_start) return VM_ERANGE;
  if (delta == 0) return VM_OK;
  addrspace_lock(as);
  int error = delta < 0 ? shrink(as, end) : grow(as, end);
  addrspace_unlock(as);
  return error;
}
