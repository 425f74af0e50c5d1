/* Reclaim. */
#include "vm/reclaim.h"
#include "lib/round.h"
#include "vm/error.h"
#include "vm/frame.h"
#include "vm/page.h"
#include "vm/port.h"
#include "vm/store.h"
#include "vm/stress.h"
#include "vm/swap.h"
#include "vm/vm.h"

#define CLUSTER_MAX      16  /* Pages written in one request. */
#define WRITE_TRIES      3   /* Slots tried for a page before it stays in memory. */
#define RESERVE_POOL_MIN 256 /* Frames from which on a reserve is kept. */

/* Pages on their way out together, LEAVING and held. */
struct cluster {
  unsigned count;
  struct page *pages[CLUSTER_MAX];
};

enum outcome {
  FREED,   /* At least one frame is free now. */
  NOTHING, /* This victim stays; another may go. */
  NO_VICTIM
};

static const struct policy *policy;
static unsigned cluster_limit;
static frameno_t reserve_low, reserve_high; /* 0: no reserve. */
static const char reserve_channel;

/* Chooses the policy; clusters are an eighth of the pool at most, so that writing one does not
   empty it. */
bool reclaim_init(const struct policy *chosen, frameno_t frames) {
  policy = chosen;
  cluster_limit = MAX(MIN(frames / 8, (frameno_t)CLUSTER_MAX), 1u);
  reserve_low = frames >= RESERVE_POOL_MIN ? MIN(frames / 64, 32u) : 0;
  reserve_high = 2 * reserve_low;
  return policy->init(frames);
}

/* The policy in use. */
const struct policy *reclaim_policy(void) {
  return policy;
}

/* Whether FRAME may be chosen (for policies). */
bool policy_may_evict(frameno_t frame) {
  vm_stats.scans++;
  return frame_is_evictable(frame_at(frame));
}

/* Whether FRAME was touched since the last time, by anybody who maps its page or by the kernel;
   forgets it (for policies). */
bool policy_take_accessed(frameno_t number) {
  struct frame *frame = frame_at(number);
  bool accessed = frame->touched;
  frame->touched = 0;
  for (struct spte *spte = frame->page->sptes; spte != NULL; spte = spte->next)
    if (spte_is_mapped(spte) && port_pmap_take_accessed(spte->as->pmap, spte->vpn)) accessed = true;
  return accessed;
}

/* Whether FRAME's page is dirty, as far as can be told without unmapping it (for policies). */
bool policy_is_dirty(frameno_t number) {
  struct page *page = frame_at(number)->page;
  if (page->dirty) return true;
  for (struct spte *spte = page->sptes; spte != NULL; spte = spte->next)
    if (spte_is_mapped(spte) && port_pmap_is_dirty(spte->as->pmap, spte->vpn)) return true;
  return false;
}

/* Adds PAGE to CLUSTER; nobody can use it from now on until it has left or comes back. */
static void reclaim_take(struct cluster *cluster, struct page *page) {
  page->state = PAGE_LEAVING;
  page_get(page);
  cluster->pages[cluster->count++] = page;
}

/* PAGE of a cluster was written home: its frame is free. */
static void reclaim_done(struct page *page) {
  vm_stats.evictions_dirty++;
  page_leave_frame(page);
  page_put(page);
}

/* PAGE of a cluster could not be written: it stays. */
static void reclaim_undo(struct page *page) {
  page->state = PAGE_RESIDENT;
  page->dirty = true;
  port_wake(page);
  frame_settled();
  page_put(page);
}

/* Writes pages FIRST to FIRST+COUNT of CLUSTER to COUNT slots from SLOT on, the VM lock given up
   meanwhile. */
static int write_to_swap(struct cluster *cluster, unsigned first, unsigned count, slot_t slot) {
  void *memory[CLUSTER_MAX];
  for (unsigned i = 0; i < count; i++) memory[i] = frame_memory(cluster->pages[first + i]->frame);
  vm_stats.swap_writes += count;
  vm_stats.swap_write_requests++;
  port_vm_unlock();
  stress_delay();
  int error = port_swap_write(slot, count, memory);
  stress_delay();
  port_vm_lock();
  return error;
}

/* PAGE stands in SLOT now. */
static void swapped_out(struct page *page, slot_t slot) {
  page->home = HOME_SWAP;
  page_set_slot(page, slot);
  reclaim_done(page);
}

/* Writes page AT of CLUSTER alone, after a request for several failed: to SLOT, then to others if
   that is bad too.  Whether it went. */
static bool swap_out_alone(struct cluster *cluster, unsigned at, slot_t slot) {
  for (int try = 0; try < WRITE_TRIES; try++) {
    if (write_to_swap(cluster, at, 1, slot) == VM_OK) {
      swapped_out(cluster->pages[at], slot);
      return true;
    }
    swap_mark_bad(slot);
    if (swap_alloc(1, &slot) == 0) break;
    if (try == WRITE_TRIES - 1) swap_free(slot);
  }
  reclaim_undo(cluster->pages[at]);
  return false;
}

/* Whether page A should lie before B on disk: pages of one process in the order of its addresses, so
   that they can be read together later. */
static bool before_on_disk(const struct page *a, const struct page *b) {
  const struct spte *at = a->sptes, *than = b->sptes;
  if (at == NULL || than == NULL) return at != NULL;
  return at->as == than->as ? at->vpn < than->vpn : (uintptr_t)at->as < (uintptr_t)than->as;
}

/* Puts the pages of CLUSTER into the order they should have on disk. */
static void sort_cluster(struct cluster *cluster) {
  for (unsigned i = 1; i < cluster->count; i++) {
    struct page *page = cluster->pages[i];
    unsigned at = i;
    for (; at > 0 && before_on_disk(page, cluster->pages[at - 1]); at--)
      cluster->pages[at] = cluster->pages[at - 1];
    cluster->pages[at] = page;
  }
}

/* Sends the pages of CLUSTER to neighbouring slots; what finds no slot stays. */
static enum outcome swap_out(struct cluster *cluster) {
  slot_t slot;
  sort_cluster(cluster);
  unsigned count = swap_alloc(cluster->count, &slot);
  for (unsigned i = count; i < cluster->count; i++) reclaim_undo(cluster->pages[i]);
  if (count == 0) return NOTHING;
  if (write_to_swap(cluster, 0, count, slot) == VM_OK) {
    for (unsigned i = 0; i < count; i++) swapped_out(cluster->pages[i], slot + i);
    return FREED;
  }
  bool freed = false;
  for (unsigned i = 0; i < count; i++) freed |= swap_out_alone(cluster, i, slot + i);
  return freed ? FREED : NOTHING;
}

/* Whether PAGE, or NULL, can leave together with its neighbour, which was chosen: it is dirty, and
   has not been touched lately either. */
static bool joins_cluster(const struct page *page) {
  return page != NULL && page->frame != NULL && frame_is_evictable(page->frame) &&
         !page->unwritten && policy_is_dirty(frame_number(page->frame)) &&
         !policy_take_accessed(frame_number(page->frame));
}

/* Writes PAGE, taken out of the pmaps and dirty, to its file, together with those that follow it
   there and could go as well. */
static enum outcome file_out(struct page *page) {
  struct store *store = page->store;
  struct cluster cluster = {.count = 0};
  pindex_t first = page->index;
  do {
    reclaim_take(&cluster, page);
    if (cluster.count == cluster_limit) break;
    page = radix_get(&store->pages, first + cluster.count);
    if (!joins_cluster(page)) break;
    page_collect_dirty(page, true);
  } while (page->dirty);
  store_write_cluster(store, first, cluster.pages, cluster.count);
  enum outcome outcome = NOTHING;
  for (unsigned i = 0; i < cluster.count; i++) {
    if (cluster.pages[i]->unwritten) {
      reclaim_undo(cluster.pages[i]);
    } else {
      reclaim_done(cluster.pages[i]);
      outcome = FREED;
    }
  }
  return outcome;
}

/* Takes PAGE, out of the pmaps and dirty, into CLUSTER, and with it the others of its block of
   cluster_limit pages of the address space that can go as well: what lies together in memory should
   lie together on disk.  Blocks are aligned, so that they stay whole. */
static void gather_block(struct cluster *cluster, struct page *page) {
  const struct spte *first = page->sptes;
  reclaim_take(cluster, page);
  if (first == NULL) return;
  vpn_t vpn = ROUND_DOWN(first->vpn, cluster_limit);
  for (vpn_t end = vpn + cluster_limit; vpn < end && cluster->count < cluster_limit; vpn++) {
    const struct spte *spte = spt_get(first->as, vpn);
    struct page *other = spte != NULL ? spte->page : NULL;
    if (!joins_cluster(other) || page_belongs_to_file(other)) continue;
    page_collect_dirty(other, true);
    reclaim_take(cluster, other);
  }
}

/* Fills CLUSTER with further victims that go to swap.  A clean one that comes up goes as it is and
   ends the search: whether it did. */
static bool gather_victims(struct cluster *cluster) {
  while (cluster->count < cluster_limit) {
    frameno_t frame = policy->victim();
    if (frame == FRAME_NONE) return false;
    struct page *page = frame_at(frame)->page;
    if (page_belongs_to_file(page)) return false;
    page_collect_dirty(page, true);
    if (!page->dirty) {
      vm_stats.evictions_clean++;
      page_leave_frame(page);
      return true;
    }
    gather_block(cluster, page);
  }
  return false;
}

/* Asks the policy for a victim and sends it, and those that go well with it, home.  A dirty page
   that cannot go is left mapped. */
static enum outcome reclaim_one(void) {
  static uint32_t evictions;
  if (vm_options.check_every > 0 && ++evictions % vm_options.check_every == 0) vm_check_locked();
  frameno_t frame = policy->victim();
  if (frame == FRAME_NONE) return NO_VICTIM;
  struct page *page = frame_at(frame)->page;
  bool to_file = page_belongs_to_file(page);
  bool swap_full = swap_used() + swap_bad() == swap_total();
  if (!to_file && swap_full && policy_is_dirty(frame)) return NOTHING;
  if (page->unwritten) return NOTHING;
  page_collect_dirty(page, true);
  if (!page->dirty) {
    vm_stats.evictions_clean++;
    page_leave_frame(page);
    return FREED;
  }
  if (to_file) return file_out(page);
  struct cluster cluster = {.count = 0};
  gather_block(&cluster, page);
  bool freed = gather_victims(&cluster);
  return swap_out(&cluster) == FREED || freed ? FREED : NOTHING;
}

/* Frees the policy's next victim if it is clean. */
bool reclaim_clean_frame(void) {
  frameno_t frame = policy->victim();
  if (frame == FRAME_NONE || policy_is_dirty(frame)) return false;
  struct page *page = frame_at(frame)->page;
  page_collect_dirty(page, true);
  if (page->dirty) return false;
  vm_stats.evictions_clean++;
  page_leave_frame(page);
  return true;
}

/* Frees at least one frame if any can go.  Every frame gets its chance: the policy may propose all
   that were not touched, which cannot go, before it comes to those that were. */
int reclaim_frames(void) {
  ASSERT(port_vm_locked());
  for (frameno_t tries = 2 * frame_count(); tries > 0; tries--) {
    enum outcome outcome = reclaim_one();
    if (outcome == FREED) return VM_OK;
    if (outcome == NO_VICTIM) break;
  }
  return VM_ENOFRAME;
}

/* Frees the frame of a page that could not be written to its file, even if it still cannot be: then
   its file has lost something. */
bool reclaim_unwritten(void) {
  for (frameno_t tries = frame_count(); tries > 0; tries--) {
    frameno_t frame = policy->victim();
    if (frame == FRAME_NONE) return false;
    struct page *page = frame_at(frame)->page;
    if (!page->unwritten) continue;
    struct cluster cluster = {.count = 0};
    page_collect_dirty(page, true);
    reclaim_take(&cluster, page);
    if (!store_write_cluster(page->store, page->index, cluster.pages, 1)) page->store->lost = true;
    reclaim_done(page);
    return true;
  }
  return false;
}

/* Whether the pool is large enough for a reserve. */
bool reclaim_wants_thread(void) {
  return reserve_low > 0;
}

/* Wakes the pageout thread when fewer than the reserve are FREE. */
void reclaim_wake_if_low(frameno_t free) {
  if (free < reserve_low) port_wake(&reserve_channel);
}

/* Keeps between reserve_low and reserve_high frames free, so that a fault seldom waits for a
   write.  When nothing can go it rests until it is woken again; also when so few can that it would
   take from those who run the pages that they are about to use. */
void reclaim_thread(void *unused) {
  (void)unused;
  port_vm_lock();
  for (;;) {
    bool stuck = false;
    while (!stuck && frame_free_count() < reserve_high)
      stuck = !frame_has_room(2 * reserve_high) || reclaim_frames() != VM_OK;
    port_wait(&reserve_channel, "free frames to run low");
  }
}
