/* Advice, syncing, locking, and asking what is resident. */
#include "vm/addrspace.h"
#include "vm/error.h"
#include "vm/fault.h"
#include "vm/frame.h"
#include "vm/map.h"
#include "vm/page.h"
#include "vm/range.h"
#include "vm/store.h"
#include "vm/sync.h"
#include "vm/walk.h"

/* Notes the advice *ADVICE for REGION. */
static int note_advice(struct region *region, void *advice) {
  region->advice = *(int *)advice;
  return VM_OK;
}

/* Whether frames are free for what nobody asked for yet. */
static bool frames_to_spare(void) {
  port_vm_lock();
  bool spare = frame_free_count() >= 2;
  port_vm_unlock();
  return spare;
}

/* Brings the pages of REGION that have content somewhere in, as long as frames are free. */
static int bring_region_in(struct region *region, void *unused) {
  (void)unused;
  ASSERT(port_lock_is_mine(&region->as->lock));
  for (vpn_t vpn = region->start; vpn < region->end; vpn++) {
    if (!frames_to_spare()) break;
    if (region_file_bytes(region, vpn) == 0 && !spt_is_touched(region->as, vpn)) continue;
    if (region_ends_before(region, vpn)) break;
    if (region->prot == PROT_NONE) break;
    if (vm_fault_locked(region->as, vpn_address(vpn), ACCESS_READ) != VM_OK) break;
  }
  return VM_OK;
}

/* Gives the pages of REGION up. */
static int drop_region(struct region *region, void *unused) {
  (void)unused;
  struct store *store = region->source.store;
  pindex_t first = region_store_index(region, region->start);
  ASSERT(port_lock_is_mine(&region->as->lock));
  spt_clear(region->as, region->start, region->end);
  if (region->shared && store != NULL && !store->anonymous)
    store_drop_idle(store, first, first + (region->end - region->start) - 1);
  return VM_OK;
}

/* Takes ADVICE for LENGTH bytes at ADDRESS. */
int vm_advise(struct addrspace *as, uaddr_t address, uint32_t length, int advice) {
  struct range range;
  int error = range_init(&range, as, address, length);
  if (error != VM_OK) return error;
  switch (advice) {
  case ADVICE_NORMAL:
  case ADVICE_SEQUENTIAL:
  case ADVICE_RANDOM: return range_for_regions(&range, note_advice, &advice);
  case ADVICE_WILLNEED: return range_for_regions(&range, bring_region_in, NULL);
  case ADVICE_DONTNEED: return range_for_regions(&range, drop_region, NULL);
  }
  return VM_EINVAL;
}

/* Puts what was changed through REGION on disk. */
static int sync_region(struct region *region, void *unused) {
  (void)unused;
  return region_commit(region);
}

/* Writes what was changed through shared mappings of LENGTH bytes at ADDRESS to disk. */
int vm_sync(struct addrspace *as, uaddr_t address, uint32_t length) {
  struct range range;
  int error = range_init(&range, as, address, length);
  return error != VM_OK ? error : range_for_regions(&range, sync_region, NULL);
}

/* Brings the page at VPN of REGION in, as the process's own if it may write it, and locks it. */
static int lock_page(struct region *region, vpn_t vpn) {
  enum vm_access access = region->prot & PROT_WRITE ? ACCESS_WRITE : ACCESS_READ;
  struct spte *spte;
  int error = vm_fault_mapped(region->as, vpn_address(vpn), access, &spte);
  if (error != VM_OK) return error;
  ASSERT(port_vm_locked() && spte->page->state == PAGE_RESIDENT);
  bool locked = spte_lock(spte);
  port_vm_unlock();
  return locked ? VM_OK : VM_ELIMIT;
}

/* Locks the pages of REGION. */
static int lock_region(struct region *region, void *unused) {
  (void)unused;
  for (vpn_t vpn = region->start; vpn < region->end; vpn++) {
    int error = lock_page(region, vpn);
    if (error != VM_OK) return error;
  }
  return VM_OK;
}

/* Ends a vm_lock() of REGION that gave *ERROR: what it had locked by then is let go. */
static int end_locking(struct region *region, void *error) {
  struct walk walk = {0};
  struct spte *spte;
  vpn_t vpn = region->start;
  ASSERT(port_lock_is_mine(&region->as->lock));
  port_vm_lock();
  for (; (spte = spt_next(region->as, &vpn, region->end)) != NULL; vpn++) {
    spte_lock_done(spte, *(int *)error != VM_OK);
    walk_step(&walk);
  }
  port_vm_unlock();
  return VM_OK;
}

/* Unlocks the pages of REGION. */
static int unlock_region(struct region *region, void *unused) {
  (void)unused;
  struct walk walk = {0};
  struct spte *spte;
  vpn_t vpn = region->start;
  port_vm_lock();
  for (; (spte = spt_next(region->as, &vpn, region->end)) != NULL; vpn++) {
    spte_unlock(spte);
    ASSERT(!spte_is_locked(spte));
    walk_step(&walk);
  }
  port_vm_unlock();
  return VM_OK;
}

/* How many pages of RANGE are not locked. */
static uint32_t count_unlocked(const struct range *range) {
  uint32_t count = range->end - range->start;
  struct walk walk = {0};
  vpn_t vpn = range->start;
  const struct spte *spte;
  addrspace_lock(range->as);
  port_vm_lock();
  for (; (spte = spt_next(range->as, &vpn, range->end)) != NULL; vpn++) {
    count -= spte_is_locked(spte);
    walk_step(&walk);
  }
  port_vm_unlock();
  addrspace_unlock(range->as);
  return count;
}

/* Locks LENGTH bytes at ADDRESS in memory. */
int vm_lock(struct addrspace *as, uaddr_t address, uint32_t length) {
  struct range range;
  int error = range_init(&range, as, address, length);
  if (error != VM_OK) return error;
  uint32_t more = count_unlocked(&range);
  if (more > 0 && as->locked + more > as->locked_limit / VM_PAGE_SIZE) return VM_ELIMIT;
  error = range_for_regions(&range, lock_region, NULL);
  range_for_regions(&range, end_locking, &error);
  return error;
}

/* Lets the pages of LENGTH bytes at ADDRESS go again. */
int vm_unlock(struct addrspace *as, uaddr_t address, uint32_t length) {
  struct range range;
  int error = range_init(&range, as, address, length);
  return error != VM_OK ? error : range_for_regions(&range, unlock_region, NULL);
}

/* Says for COUNT pages of AS from VPN on which are in frames. */
int vm_resident(struct addrspace *as, vpn_t vpn, unsigned count, uint8_t *result) {
  struct range range;
  if (count > VPN_END) return VM_ERANGE;
  int error = range_init(&range, as, vpn_address(vpn), count * VM_PAGE_SIZE);
  if (error != VM_OK) return error;
  struct walk walk = {0};
  const struct spte *spte;
  addrspace_lock(as);
  error = range_check(&range);
  for (unsigned i = 0; i < count && error == VM_OK; i++) result[i] = false;
  port_vm_lock();
  for (vpn_t at = vpn; error == VM_OK && (spte = spt_next(as, &at, range.end)) != NULL; at++) {
    result[at - vpn] = spte->page->state == PAGE_RESIDENT;
    walk_step(&walk);
  }
  port_vm_unlock();
  addrspace_unlock(as);
  return error;
}
