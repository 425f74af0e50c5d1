/* Address spaces. */
#include "vm/addrspace.h"
#include "vm/event.h"
#include "vm/frame.h"
#include "vm/page.h"
#include "vm/port.h"
#include "vm/stats.h"
#include "vm/walk.h"

/* A number for a new address space.  That of one that ended long ago may come again. */
static uint16_t next_number(void) {
  static uint16_t last;
  if (++last == 0) last = 1;
  return last;
}

/* A new empty address space. */
struct addrspace *addrspace_create(void) {
  ASSERT(!port_vm_locked());
  struct addrspace *as = port_alloc(sizeof *as);
  if (as == NULL) return NULL;
  *as = (struct addrspace){.pmap = port_pmap_create(),
                           .stack_limit = vm_options.stack_limit,
                           .heap_limit = UINT32_MAX,
                           .locked_limit = frame_count() / 4 * VM_PAGE_SIZE};
  if (as->pmap == NULL) {
    port_free(as);
    return NULL;
  }
  port_lock_init(&as->lock);
  radix_init(&as->spt.blocks);
  list_init(&as->mappings);
  as->next_mapping = 1;
  port_vm_lock();
  as->number = next_number();
  list_push_back(&vm_addrspaces, &as->node);
  port_vm_unlock();
  event_trace(SPACE, as->number, 0, 0);
  return as;
}

/* Counts the pages that AS maps and others have entries for, each as it is when its turn comes. */
uint32_t addrspace_count_shared(struct addrspace *as) {
  struct walk walk = {0};
  uint32_t shared = 0;
  vpn_t vpn = 0;
  struct spte *spte;
  addrspace_lock(as);
  port_vm_lock();
  for (; (spte = spt_next(as, &vpn, VPN_END)) != NULL; vpn++) {
    if (spte_is_mapped(spte) && spte->page->sptes->next != NULL) shared++;
    walk_step(&walk);
  }
  port_vm_unlock();
  addrspace_unlock(as);
  return shared;
}
