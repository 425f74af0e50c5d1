/* The VM as a whole. */
#include "vm/vm.h"
#include "vm/addrspace.h"
#include "vm/frame.h"
#include "vm/page.h"
#include "vm/pageout.h"
#include "vm/port.h"
#include "vm/store.h"
#include "vm/stress.h"
#include "vm/supply.h"
#include "vm/swap.h"

/* Sets up frames, slots and the policy after OPTIONS. */
bool vm_init(const struct vm_options *options) {
  vm_options = *options;
  vm_stats = (struct vm_stats){0};
  vm_pages_live = 0;
  list_init(&vm_addrspaces);
  list_init(&vm_stores);
  stress_init(options->stress_seed);
  pageout_init(options->frames);
  supply_init(options->frames);
  const struct policy *policy = policy_lookup(options->policy);
  if (policy == NULL || !frame_init(options->frames, policy) || !swap_init()) return false;
  page_init();
  return true;
}

/* Counts the frames by what holds them into STATS. */
static void count_frames(struct vm_stats *stats) {
  stats->frames_total = frame_count();
  stats->frames_free = frame_free_count();
  stats->frames_kernel = frame_kernel_count();
  stats->frames_pinned = stats->frames_dirty = 0;
  for (frameno_t i = 0; i < frame_count(); i++) {
    const struct frame *frame = frame_at(i);
    if (!frame->lent || frame->kernel) continue;
    if (frame->pins > 0) stats->frames_pinned++;
    if (page_is_dirty(frame->page)) stats->frames_dirty++;
  }
}

/* Copies the system's figures to *STATS. */
void vm_get_stats(struct vm_stats *stats) {
  port_vm_lock();
  *stats = vm_stats;
  count_frames(stats);
  stats->slots_total = swap_total();
  stats->slots_used = swap_used();
  stats->slots_bad = swap_bad();
  stats->totals.resident = stats->totals.swapped = stats->pages_cached = 0;
  list_for_each(node, &vm_addrspaces) {
    const struct addrspace *as = list_entry(node, struct addrspace, node);
    stats->totals.resident += as->counters.resident;
    stats->totals.swapped += as->counters.swapped;
  }
  list_for_each(node, &vm_stores) {
    stats->pages_cached += list_entry(node, struct store, node)->resident;
  }
  port_vm_unlock();
}

/* Drops the clean pages of all stores that nobody maps or holds. */
void vm_drop_clean(void) {
  port_vm_lock();
  for (frameno_t i = 0; i < frame_count(); i++) {
    const struct frame *frame = frame_at(i);
    if (!frame_is_evictable(frame)) continue;
    struct page *page = frame->page;
    if (page->cached && page->refs == 0 && !page->dirty) page_leave_frame(page);
  }
  port_vm_unlock();
}
