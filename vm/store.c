/* Stores: the cache of a file's pages, and its ways to and from disk. */
#include "vm/store.h"
#include "lib/string.h"
#include "vm/error.h"
#include "vm/frame.h"
#include "vm/page.h"
#include "vm/policy.h"
#include "vm/port.h"
#include "vm/readahead.h"
#include "vm/stress.h"
#include "vm/vm.h"

/* Makes STORE an empty cache over OPS for a file of LENGTH bytes. */
void store_init(struct store *store, const struct store_ops *ops, uint32_t length) {
  *store = (struct store){.ops = ops, .length = length};
  radix_init(&store->pages);
  port_vm_lock();
  list_push_back(&vm_stores, &store->node);
  port_vm_unlock();
}

/* Reads the pages of RUN of STORE, the VM lock given up meanwhile. */
static int read_run(struct store *store, const struct read_run *run) {
  void *memory[RUN_MAX];
  read_run_memory(run, memory);
  vm_stats.file_reads += run->count;
  vm_stats.file_read_requests++;
  port_vm_unlock();
  stress_delay();
  int error = store->ops->read(store, run->pages[0]->index, run->count, memory);
  stress_delay();
  port_vm_lock();
  return error;
}

/* Reads PAGE, which has a frame and is ARRIVING, from its store, and what should come with it. If
   that fails, the page that is needed is tried alone. */
int store_read_page(struct page *page) {
  struct read_run run;
  readahead_file(&run, page);
  bool alone = run.count == 1;
  int error = read_run(page->store, &run);
  read_run_end(&run, error == VM_OK);
  return error == VM_OK || alone ? error : read_run(page->store, &run);
}

/* Writes COUNT neighbouring PAGES of STORE, whose first is INDEX, in one request; all of them are
   `unwritten' afterwards, or none. */
static bool write_run(struct store *store, pindex_t index, struct page *const pages[],
                      unsigned count) {
  void *memory[STORE_CLUSTER_MAX];
  for (unsigned i = 0; i < count; i++) memory[i] = frame_memory(pages[i]->frame);
  vm_stats.file_writes += count;
  vm_stats.file_write_requests++;
  port_vm_unlock();
  stress_delay();
  int error = store->ops->write(store, index, count, memory);
  stress_delay();
  port_vm_lock();
  for (unsigned i = 0; i < count; i++) pages[i]->unwritten = error != VM_OK;
  return error == VM_OK;
}

/* Writes COUNT neighbouring PAGES of STORE, whose first is INDEX, from their frames. */
bool store_write_cluster(struct store *store, pindex_t index, struct page *const pages[],
                         unsigned count) {
  if (write_run(store, index, pages, count)) return true;
  bool all = count > 1;
  for (unsigned i = 0; i < count && count > 1; i++)
    if (!write_run(store, index + i, pages + i, 1)) all = false;
  return all;
}

/* Whether PAGE is on its way to its file, which is over with port_wake(PAGE). */
static bool is_being_written(const struct page *page) {
  return page->state == PAGE_LEAVING || page->syncing;
}

/* Whether PAGE is RESIDENT and dirty; if CLEAN, it is noted as clean from now on, so that a write
   that comes while it is being written makes it dirty again. */
static bool test_dirty(struct page *page, bool clean) {
  if (page == NULL || page->state != PAGE_RESIDENT || page->syncing) return false;
  if (clean) page_collect_dirty(page, false);
  bool dirty = policy_is_dirty(frame_number(page->frame));
  if (clean) page->dirty = false;
  return dirty;
}

/* Writes the run of dirty pages of STORE that starts with FIRST at *INDEX; moves *INDEX past it.  Whether
   all could be written. */
static bool sync_run(struct store *store, struct page *first, uint32_t *index) {
  struct page *pages[STORE_CLUSTER_MAX];
  unsigned count = 0;
  for (struct page *page = first; test_dirty(page, true);) {
    page->syncing = true;
    page_get(page);
    frame_pin(page->frame);
    pages[count++] = page;
    if (count == STORE_CLUSTER_MAX) break;
    page = radix_get(&store->pages, *index + count);
    if (page != NULL && page->syncing) break;
  }
  bool all = store_write_cluster(store, *index, pages, count);
  for (unsigned i = 0; i < count; i++) {
    if (pages[i]->unwritten) pages[i]->dirty = true;
    pages[i]->syncing = false;
    page_unpin(pages[i]);
    page_put(pages[i]);
  }
  *index += count;
  return all;
}

/* Writes the dirty pages FIRST to LAST of STORE; waits for those that somebody else is writing, so
   that what was written before it is on disk when it returns. */
int store_sync_range(struct store *store, pindex_t first, pindex_t last) {
  int result = VM_OK;
  uint32_t index = first;
  struct page *page;
  port_vm_lock();
  while (!store->anonymous && (page = radix_next(&store->pages, &index, last)) != NULL) {
    if (is_being_written(page)) {
      port_wait(page, "a page to be written");
    } else if (test_dirty(page, false)) {
      if (!sync_run(store, page, &index)) result = VM_EIO;
    } else {
      index++;
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

/* Gives PAGE, pinned, the blocks that EXTENT needs.  A new block holds what was there before: the
   page must be written, even if the process dies before it changes it. */
int store_reserve_page(struct page *page, const struct store_extent *extent) {
  struct store *store = page->store;
  if (store->lost) return VM_EIO;
  port_vm_unlock();
  int error = store->ops->reserve(store, extent->offset, extent->size, extent->grow);
  port_vm_lock();
  if (error == VM_OK) page->dirty = true;
  return error;
}

/* Whether some page of STORE is dirty, or being written. */
bool store_is_dirty(struct store *store) {
  bool dirty = false;
  uint32_t index = 0;
  struct page *page;
  port_vm_lock();
  while (!dirty && (page = radix_next(&store->pages, &index, PINDEX_LAST)) != NULL) {
    dirty = is_being_written(page) || test_dirty(page, false);
    index++;
  }
  port_vm_unlock();
  return dirty;
}

/* Drops every page of STORE unwritten and takes STORE off the list of stores. */
void store_purge(struct store *store) {
  uint32_t index = 0;
  struct page *page;
  port_vm_lock();
  while ((page = radix_next(&store->pages, &index, PINDEX_LAST)) != NULL) {
    bool busy = page->state == PAGE_ARRIVING || page->state == PAGE_LEAVING;
    if (busy || (page->frame != NULL && page->frame->pins > 0)) {
      port_wait(page, "a page to come to rest");
      continue;
    }
    ASSERT(page->sptes == NULL);
    if (!store->anonymous) page_get(page);
    page_drop(page);
  }
  list_remove(&store->node);
  port_vm_unlock();
}

/* One more write() to STORE is under way. */
bool store_start_writing(struct store *store) {
  port_vm_lock();
  bool allowed = store->write_denials == 0;
  if (allowed) store->writers++;
  port_vm_unlock();
  return allowed;
}

/* One fewer. */
void store_stop_writing(struct store *store) {
  port_vm_lock();
  ASSERT(store->writers > 0);
  store->writers--;
  port_vm_unlock();
}

/* One more running program whose file STORE is.  The first takes its pages away from all who could
   write to them. */
bool store_deny_writing(struct store *store) {
  uint32_t index = 0;
  struct page *page;
  port_vm_lock();
  bool allowed = store->writers == 0;
  if (allowed && store->write_denials++ == 0)
    for (; (page = radix_next(&store->pages, &index, PINDEX_LAST)) != NULL; index++)
      page_write_protect(page);
  port_vm_unlock();
  return allowed;
}

/* One fewer. */
void store_allow_writing(struct store *store) {
  port_vm_lock();
  ASSERT(store->write_denials > 0);
  store->write_denials--;
  port_vm_unlock();
}

/* The cached page that STORE ends in, if its content can be touched now; NULL if there is none, or if the
   end lies between two pages.  VM lock. */
static struct page *last_page(struct store *store) {
  uint32_t length = store_length(store);
  if (length % VM_PAGE_SIZE == 0) return NULL;
  struct page *page = radix_get(&store->pages, length / VM_PAGE_SIZE);
  return page != NULL && page->frame != NULL && page->state != PAGE_ARRIVING ? page : NULL;
}

/* Zeroes what PAGE, the last of STORE, has beyond the end.  VM lock. */
static void clear_tail(struct store *store, struct page *page) {
  uint32_t used = store_length(store) % VM_PAGE_SIZE;
  memset((uint8_t *)frame_memory(page->frame) + used, 0, VM_PAGE_SIZE - used);
}

/* Moves the end of STORE up to LENGTH.  All in one step for those who map the old last page: whatever they
   wrote beyond the old end is gone, and what they write from now on faults. */
void store_grow(struct store *store, uint32_t length) {
  port_vm_lock();
  ASSERT(length >= store_length(store));
  struct page *page = last_page(store);
  if (page != NULL) {
    page_write_protect(page);
    clear_tail(store, page);
  }
  __atomic_store_n(&store->length, length, __ATOMIC_RELAXED);
  port_vm_unlock();
}

/* How many bytes of PAGE lie in its store's file. */
uint32_t store_page_bytes(const struct page *page) {
  uint32_t length = store_length(page->store), start = page->index * VM_PAGE_SIZE;
  if (length <= start) return 0;
  return length - start < VM_PAGE_SIZE ? length - start : VM_PAGE_SIZE;
}

/* Zeroes what STORE's last page has beyond the end. */
void store_forget_tail(struct store *store) {
  port_vm_lock();
  struct page *page = last_page(store);
  if (page != NULL) clear_tail(store, page);
  port_vm_unlock();
}
