/* Unmapping. */
#include "vm/unmap.h"
#include "lib/round.h"
#include "vm/addrspace.h"
#include "vm/error.h"
#include "vm/port.h"
#include "vm/spt.h"
#include "vm/store.h"
#include "vm/sync.h"

/* Gives the pages [START, END) of REGION up and writes what it changed there.  What was written beyond
   the end of its file in the file's last page is forgotten. */
static inline int give_up(struct region *region, vpn_t start, vpn_t end) {
  if (region->touched) spt_clear(region->as, start, end);
  struct store *store = region->source.store;
  if (!region->shared || store == NULL) return VM_OK;
  store_forget_tail(store);
  return region_sync(region, start, end);
}

/* Ends REGION as a whole. */
inline int unmap_region(struct region *region) {
  int error = give_up(region, region->start, region->end);
  region_destroy(region);
  return error;
}

/* Takes pages [START, END), at one end of REGION or all of it, away. */
static int unmap_part(struct region *region, vpn_t start, vpn_t end) {
  ASSERT(region->start <= start && start < end && end <= region->end);
  if (start == region->start && end == region->end) return unmap_region(region);
  int error = give_up(region, start, end);
  region_trim(region, start, end);
  return error;
}

/* Takes pages [START, END) out of AS.  To give memory back takes none, but where a region remains on
   both sides. */
int unmap_pages(struct addrspace *as, vpn_t start, vpn_t end) {
  ASSERT(port_lock_is_mine(&as->lock));
  struct region *region = region_find(as, start);
  if (region != NULL && region->start == start && region->end == end) return unmap_region(region);
  if (region != NULL && region->start < start && region->end > end && !region_split(region, end))
    return VM_ENOMEM;
  int result = VM_OK;
  while (start < end && (region = region_at_or_after(as, start)) != NULL && region->start < end) {
    vpn_t from = MAX(start, region->start), to = MIN(end, region->end);
    start = to;
    int error = unmap_part(region, from, to);
    if (error != VM_OK) result = error;
  }
  return result;
}
