/* Reading ahead. */
#include "vm/readahead.h"
#include "lib/round.h"
#include "vm/addrspace.h"
#include "vm/frame.h"
#include "vm/map.h"
#include "vm/page.h"
#include "vm/stats.h"
#include "vm/store.h"
#include "vm/supply.h"

#define WINDOW_MAX (RUN_MAX - 1)

static uint32_t window_limit; /* Fixed after readahead_init(). */

/* A window is at most an eighth of FRAMES, so that guesses cannot fill the pool; after -readahead=off there is
   none. */
void readahead_init(frameno_t frames) {
  window_limit = vm_options.readahead_off ? 0 : frames / 8;
}

/* What is about to be read: from the wanted page on, STEP by STEP. */
struct plan {
  struct stream *stream;
  uint32_t index;
  int step;        /* 1 or -1. */
  unsigned window; /* Pages beyond the wanted one. */
};

/* Puts stream AT of AHEAD in front. */
static struct stream *to_front(struct readahead *ahead, unsigned at) {
  struct stream stream = ahead->streams[at];
  for (; at > 0; at--) ahead->streams[at] = ahead->streams[at - 1];
  ahead->streams[0] = stream;
  return &ahead->streams[0];
}

/* Page INDEX is read: what to read with it. */
static struct plan plan_at(struct readahead *ahead, uint32_t index) {
  struct plan plan = {.index = index, .step = 1};
  for (unsigned i = 0; i < STREAMS_MAX && plan.stream == NULL; i++) {
    struct stream *stream = &ahead->streams[i];
    if (index != stream->high + 1 && index + 1 != stream->low) continue;
    if (index + 1 == stream->low) plan.step = -1;
    plan.stream = to_front(ahead, i);
    plan.stream->window = MIN(2 * plan.stream->window + 1, WINDOW_MAX);
  }
  if (plan.stream == NULL) {
    plan.stream = to_front(ahead, STREAMS_MAX - 1);
    plan.stream->window = 0;
  }
  plan.window = MIN(plan.stream->window, window_limit);
  return plan;
}

/* Makes AHEAD follow ADVICE for INDEX, which is read next. */
void readahead_advise(struct readahead *ahead, uint32_t index, int advice) {
  if (advice == ADVICE_RANDOM) *ahead = (struct readahead){0};
  if (advice != ADVICE_SEQUENTIAL) return;
  ahead->streams[0] = (struct stream){.low = index, .high = index - 1, .window = WINDOW_MAX};
}

/* Lets PAGE go, held, which did not arrive. */
static void let_go(struct page *page) {
  ASSERT(page->state == PAGE_ARRIVING && page->refs > 0);
  bool used = page->refs > 1;
  page_not_arrived(page);
  page_put(page);
  if (used) spt_fold(page);
}

/* Claims PAGE, ABSENT and held, for RUN if there is a frame to spare; else lets it go. */
static bool run_add(struct read_run *run, struct page *page) {
  ASSERT(run->count > 0 && run->count < RUN_MAX);
  page_start_arriving(page);
  if (supply_try_frame(page)) {
    run->pages[run->count++] = page;
    return true;
  }
  let_go(page);
  return false;
}

/* RUN was gathered after PLAN: notes it in the stream, and turns a run that was gathered downwards
   into the order on disk. */
static void run_finish(struct read_run *run, const struct plan *plan) {
  uint32_t last = plan->index + plan->step * (run->count - 1);
  plan->stream->low = MIN(plan->index, last);
  plan->stream->high = MAX(plan->index, last);
  if (plan->step > 0) return;
  for (unsigned i = 0; i < run->count / 2; i++) {
    struct page *page = run->pages[i];
    run->pages[i] = run->pages[run->count - 1 - i];
    run->pages[run->count - 1 - i] = page;
  }
  run->wanted = run->count - 1;
}

/* Page INDEX of STORE if it lies in the file and is in no frame, held; else NULL. */
static struct page *absent_in_file(struct store *store, pindex_t index) {
  if (index >= DIV_ROUND_UP(store_length(store), VM_PAGE_SIZE)) return NULL;
  const struct page *present = radix_get(&store->pages, index);
  if (present != NULL && present->state != PAGE_ABSENT) return NULL;
  return store_page(store, index);
}

/* Starts RUN with PAGE of its file and adds those next to it, up to the first that is there. */
void readahead_file(struct read_run *run, struct page *page) {
  ASSERT(page->cached && page->state == PAGE_ARRIVING);
  struct plan plan = plan_at(&page->store->ahead, page->index);
  *run = (struct read_run){.count = 1, .pages = {page}};
  while (run->count <= plan.window) {
    struct page *next = absent_in_file(page->store, page->index + plan.step * (int)run->count);
    if (next == NULL || !run_add(run, next)) break;
  }
  run_finish(run, &plan);
}

/* The page at VPN of REGION if it is in SLOT, held; else NULL, also if there is no memory for its record. */
static struct page *absent_in_slot(const struct region *region, vpn_t vpn, slot_t slot) {
  if (vpn < region->start || vpn >= region->end || slot == SLOT_NONE) return NULL;
  const struct spte *spte = spt_get_in_slot(region->as, vpn, slot);
  if (spte == NULL || spte->page->slot != slot || spte->page->state != PAGE_ABSENT) return NULL;
  page_get(spte->page);
  return spte->page;
}

/* Starts RUN with PAGE in its slot and adds those next to it both in memory and on disk. */
void readahead_swap(struct read_run *run, struct page *page) {
  ASSERT(page->slot != SLOT_NONE && page->state == PAGE_ARRIVING);
  *run = (struct read_run){.count = 1, .pages = {page}};
  const struct spte *spte = page->sptes;
  struct region *region = spte != NULL ? region_find(spte->block->as, spte->vpn) : NULL;
  if (region == NULL) return;
  struct plan plan = plan_at(&region->ahead, spte->vpn);
  while (run->count <= plan.window) {
    int distance = plan.step * (int)run->count;
    struct page *next = absent_in_slot(region, spte->vpn + distance, page->slot + distance);
    if (next == NULL || !run_add(run, next)) break;
  }
  run_finish(run, &plan);
}

/* The frames of RUN's pages. */
void read_run_memory(const struct read_run *run, void *memory[]) {
  for (unsigned i = 0; i < run->count; i++) memory[i] = frame_memory(run->pages[i]->frame);
}

/* Lets a guess go that was read, or could not be. */
static void guess_end(struct page *page, bool arrived) {
  if (arrived) {
    page_arrived(page, CAME_READAHEAD);
    page_put(page);
  } else {
    let_go(page);
  }
}

/* Ends the guesses of RUN, leaving the page that was asked for. */
void read_run_end(struct read_run *run, bool arrived) {
  ASSERT(port_vm_locked() && run->wanted < run->count);
  for (unsigned i = 0; i < run->count; i++)
    if (i != run->wanted) guess_end(run->pages[i], arrived);
  *run = (struct read_run){.count = 1, .pages = {run->pages[run->wanted]}};
}
