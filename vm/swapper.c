/* Swapping. */
#include "vm/swapper.h"
#include "lib/round.h"
#include "vm/addrspace.h"
#include "vm/frame.h"
#include "vm/map.h"
#include "vm/page.h"
#include "vm/pageout.h"
#include "vm/walk.h"

/* Pages between two that are in memory: they are likely to be needed as well, and were taken. */
#define GAP_MAX 8
/* Pages brought in by one call. */
#define STEP 16

/* Notes in SET that the page at VPN, behind all that are noted, is to come back, if there is room for that; how many pages
   more that makes. */
static uint32_t note(struct resident_set *set, vpn_t vpn) {
  vpn_t end = set->count > 0 ? set->runs[set->count - 1].end : 0;
  bool joins = set->count > 0 && vpn - end <= GAP_MAX;
  if (joins) {
    set->runs[set->count - 1].end = vpn + 1;
  } else if (set->count < RESIDENT_RUNS) {
    set->runs[set->count].start = vpn;
    set->runs[set->count++].end = vpn + 1;
  }
  return joins ? vpn + 1 - end : 1;
}

/* Notes in SET what AS has in memory and could leave.  VM lock, given up meanwhile. */
static void note_resident(struct addrspace *as, struct resident_set *set) {
  struct walk walk = {0};
  const struct spte *spte;
  vpn_t vpn = 0;
  ASSERT(port_vm_locked());
  for (; (spte = spt_next(as, &vpn, VPN_END)) != NULL; vpn++) {
    if (page_is_own(spte->page)) set->pages += note(set, vpn);
    walk_step(&walk);
  }
  set->noted = set->pages;
}

/* Notes in SET instead what AS alone has in slots.  VM lock, given up meanwhile. */
static void note_slots(struct addrspace *as, struct resident_set *set) {
  struct walk walk = {0};
  vpn_t vpn = 0;
  set->count = set->noted = 0;
  for (; spt_next_folded(as, &vpn, VPN_END) != SLOT_NONE; vpn++) {
    set->noted += note(set, vpn);
    walk_step(&walk);
  }
}

/* Sends all of AS home. */
void addrspace_swap_out(struct addrspace *as, struct resident_set *set, bool all) {
  set->count = set->next = set->pages = 0;
  port_vm_lock();
  turn_give_up(as);
  note_resident(as, set);
  pageout_own(as);
  if (all) note_slots(as, set);
  port_vm_unlock();
}

/* Whether COUNT frames are free. */
static bool has_room_for(uint32_t count) {
  port_vm_lock();
  bool has_room = frame_free_count() >= count;
  port_vm_unlock();
  return has_room;
}

/* Brings in some of what was noted.  What is not there any more is no matter. */
bool addrspace_swap_in(struct addrspace *as, struct resident_set *set) {
  ASSERT(set->count <= RESIDENT_RUNS);
  if (set->next == set->count || !has_room_for(set->noted)) return false;
  vpn_t start = set->runs[set->next].start, end = set->runs[set->next].end;
  uint32_t step = MIN(end - start, (uint32_t)STEP);
  vm_advise(as, vpn_address(start), step * VM_PAGE_SIZE, ADVICE_WILLNEED);
  set->noted -= MIN(set->noted, step);
  set->runs[set->next].start += step;
  if (start + step == end) set->next++;
  return true;
}
