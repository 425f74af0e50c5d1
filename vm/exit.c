/* Exit. */
#include "vm/exit.h"
#include "vm/addrspace.h"
#include "vm/event.h"
#include "vm/mmap.h"
#include "vm/port.h"
#include "vm/stats.h"
#include "vm/unmap.h"

/* Gives back all that AS has, and AS. */
void addrspace_destroy(struct addrspace *as) {
  port_lock_acquire(&as->lock);
  as->ending = true;
  unmap_pages(as, 0, VPN_END);
  mapping_free_all(as);
  ASSERT(radix_is_empty(&as->spt.blocks));
  port_lock_release(&as->lock);
  port_vm_lock();
  ASSERT(as->counters.resident == 0 && as->counters.swapped == 0);
  list_remove(&as->node);
  turn_give_up(as);
  port_vm_unlock();
  event_trace(SPACE_END, as->number, 0, 0);
  port_pmap_destroy(as->pmap);
  port_free(as);
}
