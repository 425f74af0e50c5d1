/* Syncing: puts what was changed in stores and regions on disk. */
#include "vm/sync.h"
#include "vm/error.h"
#include "vm/frame.h"
#include "vm/page.h"
#include "vm/pageout.h"
#include "vm/port.h"
#include "vm/region.h"
#include "vm/store.h"
#include "vm/walk.h"

/* Whether PAGE is on its way to its file, which is over with page_wake(PAGE). */
static bool is_being_written(const struct page *page) {
  return page->state == PAGE_LEAVING || page->syncing;
}

/* Whether PAGE is RESIDENT and dirty; if CLEAN, it is noted as clean from now on, so that a write
   that comes while it is being written makes it dirty again. */
static bool test_dirty(struct page *page, bool clean) {
  if (page == NULL || page->state != PAGE_RESIDENT || page->syncing) return false;
  if (clean) page_collect_dirty(page, false);
  bool dirty = page_is_dirty(page);
  if (clean) page->dirty = false;
  return dirty;
}

/* Writes the run of dirty pages of STORE that starts with FIRST at *INDEX; moves *INDEX past it.  Whether
   all could be written. */
static bool sync_run(struct store *store, struct page *first, uint32_t *index) {
  struct page *pages[CLUSTER_MAX];
  unsigned count = 0;
  for (struct page *page = first; test_dirty(page, true);) {
    page_start_syncing(page);
    pages[count++] = page;
    if (count == CLUSTER_MAX) break;
    page = radix_get(&store->pages, *index + count);
    if (page != NULL && page->syncing) break;
  }
  ASSERT(count > 0);
  bool all = pageout_to_file(store, *index, pages, count);
  for (unsigned i = 0; i < count; i++) page_end_syncing(pages[i]);
  *index += count;
  return all;
}

/* Writes the dirty pages FIRST to LAST of STORE; waits for those that somebody else is writing, so
   that what was written before it is on disk when it returns. */
static int store_sync_range(struct store *store, pindex_t first, pindex_t last) {
  ASSERT(!port_vm_locked() && first <= last);
  struct walk walk = {0};
  int result = VM_OK;
  uint32_t index = first;
  struct page *page;
  port_vm_lock();
  while (!store->anonymous && (page = radix_next(&store->pages, &index, last)) != NULL) {
    if (is_being_written(page)) {
      page_wait(page, "a page to be written");
    } else if (test_dirty(page, false)) {
      if (!sync_run(store, page, &index)) result = VM_EIO;
    } else {
      index++;
      walk_step(&walk);
    }
  }
  if (store->lost) result = VM_EIO;
  port_vm_unlock();
  return result;
}

/* Writes every dirty page of STORE. */
int store_sync(struct store *store) {
  return store_sync_range(store, 0, PINDEX_LAST);
}

/* Whether some page of STORE is dirty, or being written, when its turn comes. */
bool store_is_dirty(struct store *store) {
  struct walk walk = {0};
  bool dirty = false;
  uint32_t index = 0;
  struct page *page;
  port_vm_lock();
  while (!dirty && (page = radix_next(&store->pages, &index, PINDEX_LAST)) != NULL) {
    dirty = is_being_written(page) || test_dirty(page, false);
    index++;
    walk_step(&walk);
  }
  port_vm_unlock();
  return dirty;
}

/* Writes to its file what was changed through pages [START, END) of REGION, if it is shared. */
int region_sync(struct region *region, vpn_t start, vpn_t end) {
  ASSERT(region->start <= start && start < end && end <= region->end);
  if (!region->shared || region->source.store == NULL) return VM_OK;
  pindex_t first = region_store_index(region, start);
  return store_sync_range(region->source.store, first, first + (end - start) - 1);
}

/* Writes to its file what was changed through REGION, if it is shared, and makes it safe there. */
int region_commit(struct region *region) {
  struct store *store = region->source.store;
  int error = region_sync(region, region->start, region->end);
  bool is_safe = !region->shared || store == NULL || store->ops->commit == NULL;
  return error != VM_OK || is_safe ? error : store->ops->commit(store);
}
