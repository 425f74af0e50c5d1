/* Fork. */
#include "vm/fork.h"
#include "lib/round.h"
#include "vm/addrspace.h"
#include "vm/error.h"
#include "vm/exit.h"
#include "vm/frame.h"
#include "vm/mmap.h"
#include "vm/page.h"
#include "vm/port.h"
#include "vm/supply.h"

/* Pages, of stack and data, that parent and child write at once. */
#define FORK_PAGES 8

/* Gives CHILD a copy of REGION of its parent. */
static int copy_region(const struct region *region, struct addrspace *child) {
  struct region_spec spec = region_spec_of(region);
  int error = region_add(child, &spec);
  if (error != VM_OK) return error;
  struct region *copy = region_find(child, spec.start);
  copy->advice = region->advice;
  copy->touched = region->touched;
  if (region->as->stack == region) child->stack = copy;
  return VM_OK;
}

/* Gives CHILD all that PARENT has. */
static int copy_all(struct addrspace *parent, struct addrspace *child) {
  ASSERT(port_lock_is_mine(&parent->lock) && port_lock_is_mine(&child->lock));
  ASSERT(child->regions.root == NULL);
  child->user_esp = parent->user_esp;
  child->stack_limit = parent->stack_limit;
  child->heap_start = parent->heap_start;
  child->heap_break = parent->heap_break;
  child->heap_used = parent->heap_used;
  child->heap_limit = parent->heap_limit;
  child->locked_limit = parent->locked_limit;
  int error = mapping_copy_all(parent, child);
  vpn_t vpn = 0;
  struct region *region;
  while (error == VM_OK && (region = region_at_or_after(parent, vpn)) != NULL) {
    error = copy_region(region, child);
    if (error == VM_OK && region->touched && !spt_copy(region, child)) error = VM_ENOMEM;
    vpn = region->end;
  }
  return error;
}

/* Makes *CHILD out of PARENT.  When there is no room for a few copies, whoever of the two writes next
   would be killed for it: better there is no child. */
int addrspace_fork(struct addrspace *parent, struct addrspace **child) {
  port_vm_lock();
  bool has_room = supply_has_room(MIN(FORK_PAGES, frame_count() / 4));
  port_vm_unlock();
  if (!has_room) return VM_ENOFRAME;
  struct addrspace *created = addrspace_create();
  if (created == NULL) return VM_ENOMEM;
  event_trace(FORK, parent->number, 0, created->number);
  addrspace_lock(parent);
  port_lock_acquire_child(&created->lock);
  int error = copy_all(parent, created);
  port_lock_release(&created->lock);
  addrspace_unlock(parent);
  if (error != VM_OK) {
    addrspace_destroy(created);
    return error;
  }
  *child = created;
  return VM_OK;
}
