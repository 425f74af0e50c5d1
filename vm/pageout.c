/* Page-out. */
#include "vm/pageout.h"
#include "lib/round.h"
#include "vm/addrspace.h"
#include "vm/error.h"
#include "vm/frame.h"
#include "vm/page.h"
#include "vm/store.h"
#include "vm/stress.h"
#include "vm/swap.h"
#include "vm/walk.h"

#define WRITE_TRIES      3  /* Slots tried for a page before it stays in memory. */
#define CLUSTER_POOL_MIN 32 /* Frames from which on pages leave together. */

/* Pages on their way out together, LEAVING and held. */
struct cluster {
  unsigned count;
  struct page *pages[CLUSTER_MAX];
};

static unsigned cluster_limit; /* Fixed after pageout_init(). */

/* Sizes clusters for FRAMES, and after -cluster.  In few frames a page that goes before its time is missed at once:
   that takes more requests than one for two pages saves. */
void pageout_init(frameno_t frames) {
  cluster_limit = frames < CLUSTER_POOL_MIN ? 1 : MIN(frames / 8, (frameno_t)CLUSTER_MAX);
  if (vm_options.cluster > 0) cluster_limit = MIN(cluster_limit, vm_options.cluster);
}

/* Records that PAGE goes; HOW is 0 as it is, 1 to a slot, 2 to its file, with DETAIL_TOGETHER if it goes along with
   another. */
static void note_eviction(const struct page *page, unsigned how) {
  const struct spte *spte = page->sptes;
  event_note(EVICT, spte != NULL ? spte->block->as->number : 0, how, frame_number(page->frame),
             event_id(page), spte != NULL ? spte->vpn : page->index, swap_free_count());
}

/* Adds PAGE to CLUSTER. */
static void cluster_add(struct cluster *cluster, struct page *page) {
  ASSERT(cluster->count < CLUSTER_MAX);
  note_eviction(page,
                (page_belongs_to_file(page) ? 2 : 1) | (cluster->count > 0 ? DETAIL_TOGETHER : 0));
  page_start_leaving(page);
  cluster->pages[cluster->count++] = page;
}

/* Takes PAGE, RESIDENT or LEAVING and held by the caller once, out of its frame and lets it go.  What the kernel need not
   remember goes as well: the record of a page in a slot that a single process uses, the entries of a page of a file. */
static void leave_frame(struct page *page) {
  page_leave_frame(page);
  bool used = page->refs > 1;
  page_put(page);
  if (!used) return;
  if (page_belongs_to_file(page))
    spt_forget(page);
  else
    spt_fold(page);
}

/* PAGE of a cluster was written home: its frame becomes free. */
static void leave(struct page *page) {
  ASSERT(page->state == PAGE_LEAVING);
  vm_stats.evictions_dirty++;
  leave_frame(page);
}

/* Frees the frame of PAGE, which is clean.  One that kept its slot is there as before. */
void pageout_clean(struct page *page) {
  ASSERT(port_vm_locked() && !page->dirty);
  vm_stats.evictions_clean++;
  note_eviction(page, 0);
  page_get(page);
  leave_frame(page);
}

/* Writes pages FIRST to FIRST+COUNT of CLUSTER to COUNT slots from SLOT on, the VM lock given up
   meanwhile. */
static int write_to_swap(struct cluster *cluster, unsigned first, unsigned count, slot_t slot) {
  void *memory[CLUSTER_MAX];
  ASSERT(port_vm_locked() && count > 0 && first + count <= cluster->count);
  for (unsigned i = 0; i < count; i++) memory[i] = frame_memory(cluster->pages[first + i]->frame);
  vm_stats.swap_writes += count;
  vm_stats.swap_write_requests++;
  event_note(WRITE, 0, 0, 0, slot, count);
  port_vm_unlock();
  stress_delay();
  int error = port_swap_write(slot, count, memory);
  stress_delay();
  port_vm_lock();
  event_note(WRITE_DONE, 0, 0, 0, slot, count, (uint32_t)error);
  return error;
}

/* PAGE stands in SLOT now. */
static void swapped_out(struct page *page, slot_t slot) {
  ASSERT(swap_is_taken(slot) && !page_belongs_to_file(page));
  page->home = HOME_SWAP;
  page_set_slot(page, slot);
  leave(page);
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
  page_not_left(cluster->pages[at]);
  return false;
}

/* Whether page A should lie before B on disk: pages of one process in the order of its addresses, so
   that they can be read together later. */
static bool before_on_disk(const struct page *a, const struct page *b) {
  const struct spte *at = a->sptes, *than = b->sptes;
  if (at == NULL || than == NULL) return at != NULL;
  return at->block->as == than->block->as ? at->vpn < than->vpn
                                          : (uintptr_t)at->block->as < (uintptr_t)than->block->as;
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

/* Frees the slots that pages of CLUSTER have kept: as these were written since, they have old copies. */
static void drop_slots(struct cluster *cluster) {
  for (unsigned i = 0; i < cluster->count; i++) {
    struct page *page = cluster->pages[i];
    if (page->slot == SLOT_NONE) continue;
    ASSERT(page->dirty && page->home == HOME_SWAP);
    swap_free(page->slot);
    page_set_slot(page, SLOT_NONE);
  }
}

/* Takes slots for CLUSTER, fewer if there are not so many neighbours: the first in *SLOT.  What finds none stays, and
   is not in CLUSTER any more. */
static void take_slots(struct cluster *cluster, slot_t *slot) {
  unsigned count = swap_alloc(cluster->count, slot);
  for (unsigned i = count; i < cluster->count; i++) page_not_left(cluster->pages[i]);
  cluster->count = count;
}

/* Writes CLUSTER to the slots from *SLOT on.  If their device fails and another one has room, that is tried: *SLOT is
   there then, and CLUSTER may be smaller. */
static int write_cluster(struct cluster *cluster, slot_t *slot) {
  for (;;) {
    int error = write_to_swap(cluster, 0, cluster->count, *slot);
    if (error == VM_OK || !swap_device_failed(*slot)) return error;
    for (unsigned i = 0; i < cluster->count; i++) swap_free(*slot + i);
    take_slots(cluster, slot);
  }
}

/* Sends the pages of CLUSTER to neighbouring slots; what finds no slot stays. */
static bool swap_out(struct cluster *cluster) {
  slot_t slot;
  if (vm_options.swap_keep) drop_slots(cluster);
  sort_cluster(cluster);
  take_slots(cluster, &slot);
  if (cluster->count == 0) return false;
  if (write_cluster(cluster, &slot) == VM_OK) {
    for (unsigned i = 0; i < cluster->count; i++) swapped_out(cluster->pages[i], slot + i);
    return true;
  }
  bool freed = false;
  for (unsigned i = 0; i < cluster->count; i++) freed |= swap_out_alone(cluster, i, slot + i);
  return freed;
}

/* Whether PAGE, or NULL, can leave together with its neighbour, which was chosen: it is dirty, and
   has not been touched lately either. */
static bool joins_cluster(const struct page *page) {
  return page != NULL && page->frame != NULL && frame_is_evictable(page->frame) &&
         !page->unwritten && page_is_dirty(page) && !page_take_accessed(page);
}

/* Writes COUNT neighbouring PAGES of STORE, whose first is INDEX, in one request; all of them are
   `unwritten' afterwards, or none. */
static bool write_run(struct store *store, pindex_t index, struct page *const pages[],
                      unsigned count) {
  void *memory[CLUSTER_MAX];
  ASSERT(port_vm_locked() && count > 0 && count <= CLUSTER_MAX);
  ASSERT(pages[0]->store == store && pages[0]->index == index);
  for (unsigned i = 0; i < count; i++) memory[i] = frame_memory(pages[i]->frame);
  vm_stats.file_writes += count;
  vm_stats.file_write_requests++;
  event_note(WRITE, 0, 1, event_id(store), index, count);
  port_vm_unlock();
  stress_delay();
  int error = store->ops->write(store, index, count, memory);
  stress_delay();
  port_vm_lock();
  event_note(WRITE_DONE, 0, 1, event_id(store), index, count, (uint32_t)error);
  for (unsigned i = 0; i < count; i++) pages[i]->unwritten = error != VM_OK;
  return error == VM_OK;
}

/* Writes COUNT neighbouring PAGES of STORE, whose first is INDEX, from their frames. */
bool pageout_to_file(struct store *store, pindex_t index, struct page *const pages[],
                     unsigned count) {
  if (write_run(store, index, pages, count)) return true;
  bool all = count > 1;
  for (unsigned i = 0; i < count && count > 1; i++)
    if (!write_run(store, index + i, pages + i, 1)) all = false;
  return all;
}

/* Writes PAGE, taken out of the pmaps and dirty, to its file, together with those that follow it
   there and could go as well. */
static bool file_out(struct page *page) {
  ASSERT(page_belongs_to_file(page) && page->dirty);
  struct store *store = page->store;
  struct cluster cluster = {.count = 0};
  pindex_t first = page->index;
  do {
    cluster_add(&cluster, page);
    if (cluster.count == cluster_limit) break;
    page = radix_get(&store->pages, first + cluster.count);
    if (!joins_cluster(page)) break;
    page_collect_dirty(page, true);
  } while (page->dirty);
  pageout_to_file(store, first, cluster.pages, cluster.count);
  bool freed = false;
  for (unsigned i = 0; i < cluster.count; i++) {
    if (cluster.pages[i]->unwritten) {
      page_not_left(cluster.pages[i]);
    } else {
      leave(cluster.pages[i]);
      freed = true;
    }
  }
  return freed;
}

/* Takes PAGE, out of the pmaps and dirty, into CLUSTER, and with it the others of its block of
   cluster_limit pages of the address space that can go as well: what lies together in memory should
   lie together on disk.  Blocks are aligned, so that they stay whole. */
static void gather_block(struct cluster *cluster, struct page *page) {
  const struct spte *first = page->sptes;
  cluster_add(cluster, page);
  if (first == NULL) return;
  vpn_t vpn = ROUND_DOWN(first->vpn, cluster_limit);
  for (vpn_t end = vpn + cluster_limit; vpn < end && cluster->count < cluster_limit; vpn++) {
    const struct spte *spte = spt_get(&first->block->as->spt, vpn);
    struct page *other = spte != NULL ? spte->page : NULL;
    if (!joins_cluster(other) || page_belongs_to_file(other)) continue;
    page_collect_dirty(other, true);
    cluster_add(cluster, other);
  }
}

/* Fills CLUSTER with further victims that go to swap.  A clean one that comes up goes as it is and
   ends the search: whether it did. */
static bool gather_victims(struct cluster *cluster) {
  while (cluster->count < cluster_limit) {
    frameno_t frame = frame_policy()->victim();
    if (frame == FRAME_NONE) return false;
    struct page *page = frame_at(frame)->page;
    if (page_belongs_to_file(page)) return false;
    page_collect_dirty(page, true);
    if (!page->dirty) {
      pageout_clean(page);
      return true;
    }
    gather_block(cluster, page);
  }
  return false;
}

/* Writes PAGE home, and others with it. */
bool pageout_dirty(struct page *page) {
  ASSERT(port_vm_locked() && page->dirty);
  if (page_belongs_to_file(page)) return file_out(page);
  struct cluster cluster = {.count = 0};
  gather_block(&cluster, page);
  bool freed = gather_victims(&cluster);
  return swap_out(&cluster) || freed;
}

/* PAGE is one of those that leave: it goes at once, or joins CLUSTER. */
static void send_home(struct cluster *cluster, struct page *page) {
  if (page->unwritten || !page_is_own(page)) return;
  page_collect_dirty(page, true);
  if (!page->dirty) {
    pageout_clean(page);
  } else if (page_belongs_to_file(page)) {
    file_out(page);
  } else {
    cluster_add(cluster, page);
    if (cluster->count < cluster_limit) return;
    swap_out(cluster);
    cluster->count = 0;
  }
}

/* Sends home what AS alone has in memory. */
void pageout_own(struct addrspace *as) {
  struct cluster cluster = {.count = 0};
  struct walk walk = {0};
  struct spte *spte;
  vpn_t vpn = 0;
  ASSERT(port_vm_locked());
  for (; (spte = spt_next(as, &vpn, VPN_END)) != NULL; vpn++) {
    send_home(&cluster, spte->page);
    walk_step(&walk);
  }
  if (cluster.count > 0) swap_out(&cluster);
}

/* Writes PAGE to its file, or gives it up. */
void pageout_unwritten(struct page *page) {
  ASSERT(port_vm_locked() && page->unwritten && page_belongs_to_file(page));
  struct store *store = page->store;
  note_eviction(page, 2);
  page_start_leaving(page);
  if (!pageout_to_file(store, page->index, &page, 1)) store->lost = true;
  leave(page);
}
