/* Reading ahead. */
#include "vm/readahead.h"
#include "lib/round.h"
#include "vm/addrspace.h"
#include "vm/frame.h"
#include "vm/map.h"
#include "vm/page.h"
#include "vm/port.h"
#include "vm/reclaim.h"
#include "vm/store.h"
#include "vm/vm.h"

#define WINDOW_MAX   (RUN_MAX - 1)
#define NOT_EXPECTED UINT32_MAX

/* The page at INDEX is read: how many to read beyond it.  The window is at most an eighth of the
   pool, so that guesses cannot fill it. */
static unsigned window_at(struct readahead *ahead, uint32_t index) {
  if (index == ahead->expected)
    ahead->window = MIN(2 * ahead->window + 1, WINDOW_MAX);
  else
    ahead->window = 0;
  return MIN(ahead->window, frame_count() / 8);
}

/* Makes AHEAD follow ADVICE for INDEX, which is read next. */
void readahead_advise(struct readahead *ahead, uint32_t index, int advice) {
  if (advice == ADVICE_RANDOM) ahead->expected = NOT_EXPECTED;
  if (advice != ADVICE_SEQUENTIAL) return;
  ahead->expected = index;
  ahead->window = WINDOW_MAX;
}

/* Adds PAGE, ABSENT and held for RUN, if there is a frame to spare; else lets it go. */
static bool run_add(struct read_run *run, struct page *page) {
  page->state = PAGE_ARRIVING;
  if (frame_try_alloc(page)) {
    run->pages[run->count++] = page;
    return true;
  }
  page->state = PAGE_ABSENT;
  page_put(page);
  return false;
}

/* Starts RUN with PAGE of its file and adds those after it, up to the first that is there. */
void readahead_file(struct read_run *run, struct page *page) {
  struct store *store = page->store;
  unsigned window = window_at(&store->ahead, page->index);
  *run = (struct read_run){.count = 1, .pages = {page}};
  while (run->count <= window) {
    pindex_t index = page->index + run->count;
    if (index >= DIV_ROUND_UP(store->length, VM_PAGE_SIZE)) break;
    const struct page *present = radix_get(&store->pages, index);
    if (present != NULL && present->state != PAGE_ABSENT) break;
    struct page *next = page_of_store(store, index);
    if (next == NULL || !run_add(run, next)) break;
  }
  store->ahead.expected = page->index + run->count;
}

/* The page at VPN of AS if it is in SLOT, held; else NULL. */
static struct page *page_in_slot(struct addrspace *as, vpn_t vpn, slot_t slot) {
  const struct spte *spte = spt_get(as, vpn);
  if (spte == NULL || spte->page->slot != slot || spte->page->state != PAGE_ABSENT) return NULL;
  page_get(spte->page);
  return spte->page;
}

/* Starts RUN with PAGE in its slot and adds those that follow it both in memory and on disk. */
void readahead_swap(struct read_run *run, struct page *page) {
  *run = (struct read_run){.count = 1, .pages = {page}};
  const struct spte *spte = page->sptes;
  struct region *region = spte != NULL ? region_find(spte->as, spte->vpn) : NULL;
  if (region == NULL) return;
  unsigned window = window_at(&region->ahead, spte->vpn);
  while (run->count <= window) {
    vpn_t vpn = spte->vpn + run->count;
    struct page *next =
        vpn < region->end ? page_in_slot(spte->as, vpn, page->slot + run->count) : NULL;
    if (next == NULL || !run_add(run, next)) break;
  }
  region->ahead.expected = spte->vpn + run->count;
}

/* The frames of RUN's pages. */
void read_run_memory(const struct read_run *run, void *memory[]) {
  for (unsigned i = 0; i < run->count; i++) memory[i] = frame_memory(run->pages[i]->frame);
}

/* Ends the guesses of RUN, leaving the page that was asked for. */
void read_run_end(struct read_run *run, bool arrived) {
  for (; run->count > 1; run->count--) {
    struct page *page = run->pages[run->count - 1];
    if (arrived) {
      page_arrived(page);
    } else {
      page->state = PAGE_ABSENT;
      frame_free(page->frame);
      port_wake(page);
    }
    page_put(page);
  }
}
