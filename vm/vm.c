/* The VM as a whole. */
#include "vm/vm.h"
#include "vm/event_policy.h"
#include "vm/page.h"
#include "vm/pageout.h"
#include "vm/readahead.h"
#include "vm/stress.h"
#include "vm/supply.h"
#include "vm/swap.h"
#include "vm/turn.h"
#include "vm/walk.h"

/* Sets up frames, slots and the policy after OPTIONS. */
bool vm_init(const struct vm_options *options) {
  vm_options = *options;
  vm_stats = (struct vm_stats){0};
  vm_pages_live = 0;
  list_init(&vm_addrspaces);
  list_init(&vm_stores);
  stress_init(options->stress_seed);
  pageout_init(options->frames);
  readahead_init(options->frames);
  struct supply_ahead ahead = {!options->reserve_off, !options->zero_ahead_off};
  supply_init(options->frames, ahead);
  turn_init();
  const struct policy *policy = policy_lookup(options->policy);
  if (policy == NULL) return false;
  if (!event_init()) return false;
  vm_faults_watched = event_all;
  if (event_all) policy = event_policy(policy);
  if (!frame_init(options->frames, policy) || !swap_init()) return false;
  page_init();
  event_boot(policy->name, options->frames, swap_total());
  return true;
}

/* Whether somebody maps PAGE. */
static bool is_mapped(const struct page *page) {
  const struct spte *spte = page->sptes;
  while (spte != NULL && !spte_is_mapped(spte)) spte = spte->next;
  return spte != NULL;
}

/* Counts FRAME, which has a page.  VM lock. */
static void count_frame(struct vm_stats *stats, const struct frame *frame) {
  const struct page *page = frame->page;
  bool dirty = page_is_dirty(page), of_file = page_belongs_to_file(page);
  stats->frames_pinned += frame->pins > 0;
  stats->frames_locked += frame->wired > 0;
  stats->frames_dirty += dirty;
  stats->frames_slots += page->slot != SLOT_NONE && page->state == PAGE_RESIDENT;
  stats->frames_unsynced += dirty && of_file;
  stats->frames_mapped += of_file && is_mapped(page);
  stats->frames_shared += page->cached && !of_file;
}

/* Counts the frames by what holds them into STATS, each as it is when its turn comes.  VM lock, given up
   meanwhile. */
static void count_frames(struct vm_stats *stats) {
  struct walk walk = {0};
  stats->frames_total = frame_count();
  stats->frames_free = frame_free_count();
  stats->frames_kernel = frame_kernel_count();
  for (frameno_t i = 0; i < frame_count(); i++) {
    const struct frame *frame = frame_at(i);
    if (frame->lent && !frame->kernel) count_frame(stats, frame);
    walk_step(&walk);
  }
}

/* Copies the system's figures to *STATS. */
void vm_get_stats(struct vm_stats *stats) {
  port_vm_lock();
  *stats = vm_stats;
  stats->slots_total = swap_total();
  stats->slots_used = swap_used();
  stats->slots_bad = swap_bad();
  stats->policy = frame_policy();
  count_frames(stats);
  port_vm_unlock();
}

/* Drops the clean pages of all stores that nobody maps or holds. */
void vm_drop_clean(void) {
  struct walk walk = {0};
  port_vm_lock();
  for (frameno_t i = 0; i < frame_count(); i++) {
    const struct frame *frame = frame_at(i);
    struct page *page = frame_is_evictable(frame) ? frame->page : NULL;
    if (page != NULL && page->cached && page->refs == 0 && !page->dirty) page_leave_frame(page);
    walk_step(&walk);
  }
  port_vm_unlock();
}
