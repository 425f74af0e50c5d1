/* Stores: the cache of a file's pages, and the ways to its content. */
#include "vm/store.h"
#include "lib/round.h"
#include "lib/string.h"
#include "vm/error.h"
#include "vm/frame.h"
#include "vm/page.h"
#include "vm/policy.h"
#include "vm/port.h"
#include "vm/readahead.h"
#include "vm/stress.h"
#include "vm/user.h"
#include "vm/vm.h"

/* One transfer between a store and memory of the kernel or of a user. */
struct transfer {
  /* Request. */
  struct store *store;
  bool write;
  struct addrspace *as; /* NULL: MEMORY is the kernel's. */
  uint8_t *memory;
  uaddr_t user;
  /* Progress. */
  uint32_t offset;
  void *bounce; /* A page of kernel memory, made when first needed. */
};

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

/* Writes COUNT neighbouring PAGES of STORE, whose first is INDEX, from their frames. */
int store_write_cluster(struct store *store, pindex_t index, struct page *const pages[],
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
  return error;
}

/* Brings page INDEX of STORE in, pinned and held, into *RESULT.  Takes the VM lock. */
static int store_pin(struct store *store, pindex_t index, struct page **result) {
  port_vm_lock();
  struct page *page = page_of_store(store, index);
  int error = page == NULL ? VM_ENOMEM : page_pin(page);
  if (error == VM_OK)
    page->frame->touched = 1;
  else if (page != NULL)
    page_put(page);
  port_vm_unlock();
  *result = page;
  return error;
}

/* Lets PAGE of store_pin() go; DIRTY: its content was changed. */
static void store_unpin(struct page *page, bool dirty) {
  port_vm_lock();
  if (dirty) page->dirty = true;
  page_unpin(page);
  page_put(page);
  port_vm_unlock();
}

/* Copies SIZE bytes between the pinned page content AT and T's memory, without faulting.  Returns
   the bytes not copied. */
static size_t copy_now(struct transfer *t, uint8_t *at, uint32_t size) {
  if (t->as != NULL && t->write) return port_copy_from_user(at, t->user, size, false);
  if (t->as != NULL) return port_copy_to_user(t->user, at, size, false);
  if (t->write)
    memcpy(at, t->memory, size);
  else
    memcpy(t->memory, at, size);
  return 0;
}

/* Pins page INDEX of T's store, for writing with blocks reserved for SIZE bytes at T's offset. */
static int pin_for(struct transfer *t, uint32_t size, struct page **page) {
  int error = store_pin(t->store, t->offset / VM_PAGE_SIZE, page);
  if (error != VM_OK || !t->write) return error;
  error = t->store->ops->reserve(t->store, t->offset, size, true);
  if (error != VM_OK) store_unpin(*page, false);
  return error;
}

/* Moves SIZE bytes within one page by way of a kernel page, because the user's page is not in a
   frame: it may fault, and nobody may wait for a frame while he keeps another pinned. */
static int move_bounced(struct transfer *t, uint32_t size) {
  if (t->bounce == NULL) t->bounce = port_alloc(VM_PAGE_SIZE);
  if (t->bounce == NULL) return VM_ENOMEM;
  int error = t->write ? user_read(t->as, t->bounce, t->user, size) : VM_OK;
  if (error != VM_OK) return error;
  struct page *page;
  error = pin_for(t, size, &page);
  if (error != VM_OK) return error;
  uint8_t *at = (uint8_t *)frame_memory(page->frame) + t->offset % VM_PAGE_SIZE;
  if (t->write)
    memcpy(at, t->bounce, size);
  else
    memcpy(t->bounce, at, size);
  store_unpin(page, t->write);
  return t->write ? VM_OK : user_write(t->as, t->user, t->bounce, size);
}

/* Moves SIZE bytes within one page, directly if the other side is in memory. */
static int move_in_page(struct transfer *t, uint32_t size) {
  struct page *page;
  int error = pin_for(t, size, &page);
  if (error != VM_OK) return error;
  uint8_t *at = (uint8_t *)frame_memory(page->frame) + t->offset % VM_PAGE_SIZE;
  size_t left = copy_now(t, at, size);
  store_unpin(page, t->write);
  return left == 0 ? VM_OK : move_bounced(t, size);
}

/* Moves SIZE bytes page by page.  Returns the bytes moved, or the error if there was none. */
static long transfer_run(struct transfer *t, uint32_t size) {
  uint32_t done = 0;
  int error = VM_OK;
  while (done < size) {
    uint32_t chunk = MIN(size - done, VM_PAGE_SIZE - t->offset % VM_PAGE_SIZE);
    error = move_in_page(t, chunk);
    if (error != VM_OK) break;
    done += chunk;
    t->offset += chunk;
    if (t->as != NULL)
      t->user += chunk;
    else
      t->memory += chunk;
  }
  port_free(t->bounce);
  return done > 0 && (error == VM_OK || error == VM_ENOSPC) ? (long)done : error;
}

/* SIZE cut so that OFFSET + SIZE does not pass the end of STORE. */
static uint32_t clip(const struct store *store, uint32_t offset, uint32_t size) {
  return offset >= store->length ? 0 : MIN(size, store->length - offset);
}

/* Copies up to SIZE bytes at OFFSET of STORE to kernel memory DST. */
long store_read(struct store *store, uint32_t offset, void *dst, uint32_t size) {
  struct transfer t = {.store = store, .memory = dst, .offset = offset};
  return transfer_run(&t, clip(store, offset, size));
}

/* Copies SIZE bytes of kernel memory SRC to OFFSET of STORE. */
long store_write(struct store *store, uint32_t offset, const void *src, uint32_t size) {
  struct transfer t = {.store = store, .write = true, .memory = (void *)src, .offset = offset};
  return transfer_run(&t, size);
}

/* Copies up to SIZE bytes at OFFSET of STORE to DST of AS. */
long store_read_user(struct store *store, uint32_t offset, struct addrspace *as, uaddr_t dst,
                     uint32_t size) {
  struct transfer t = {.store = store, .as = as, .user = dst, .offset = offset};
  return transfer_run(&t, clip(store, offset, size));
}

/* Copies SIZE bytes at SRC of AS to OFFSET of STORE. */
long store_write_user(struct store *store, uint32_t offset, struct addrspace *as, uaddr_t src,
                      uint32_t size) {
  struct transfer t = {.store = store, .write = true, .as = as, .user = src, .offset = offset};
  return transfer_run(&t, size);
}

/* Whether PAGE is RESIDENT and dirty; if CLEAN, it is noted as clean from now on, so that a write
   that comes while it is being written makes it dirty again. */
static bool test_dirty(struct page *page, bool clean) {
  if (page == NULL || page->state != PAGE_RESIDENT) return false;
  if (clean) page_collect_dirty(page, false);
  bool dirty = policy_is_dirty(frame_number(page->frame));
  if (clean) page->dirty = false;
  return dirty;
}

/* Writes the run of dirty pages of STORE that starts with FIRST at *INDEX; moves *INDEX past it. */
static int sync_run(struct store *store, struct page *first, uint32_t *index) {
  struct page *pages[STORE_CLUSTER_MAX];
  unsigned count = 0;
  for (struct page *page = first; test_dirty(page, true);) {
    page_get(page);
    frame_pin(page->frame);
    pages[count++] = page;
    if (count == STORE_CLUSTER_MAX) break;
    page = radix_get(&store->pages, *index + count);
  }
  int error = store_write_cluster(store, *index, pages, count);
  for (unsigned i = 0; i < count; i++) {
    if (error != VM_OK) pages[i]->dirty = true;
    page_unpin(pages[i]);
    page_put(pages[i]);
  }
  *index += count;
  return error;
}

/* Writes the dirty pages FIRST to LAST of STORE; waits for those that reclaim is writing. */
int store_sync_range(struct store *store, pindex_t first, pindex_t last) {
  int result = VM_OK;
  uint32_t index = first;
  struct page *page;
  port_vm_lock();
  while (!store->anonymous && (page = radix_next(&store->pages, &index, last)) != NULL) {
    if (page->state == PAGE_LEAVING) {
      port_wait(page, "a page to be written");
    } else if (test_dirty(page, false)) {
      int error = sync_run(store, page, &index);
      if (error != VM_OK) result = error;
    } else {
      index++;
    }
  }
  port_vm_unlock();
  return result;
}

/* Writes every dirty page of STORE. */
int store_sync(struct store *store) {
  return store_sync_range(store, 0, PINDEX_LAST);
}

/* Whether some page of STORE is dirty, or being written. */
bool store_is_dirty(struct store *store) {
  bool dirty = false;
  uint32_t index = 0;
  struct page *page;
  port_vm_lock();
  while (!dirty && (page = radix_next(&store->pages, &index, PINDEX_LAST)) != NULL) {
    dirty = page->state == PAGE_LEAVING || test_dirty(page, false);
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

/* Zeroes what the cached page that holds byte LENGTH has beyond it. */
void store_clear_tail(struct store *store, uint32_t length) {
  if (length % VM_PAGE_SIZE == 0) return;
  port_vm_lock();
  struct page *page = radix_get(&store->pages, length / VM_PAGE_SIZE);
  if (page != NULL && page->frame != NULL && page->state != PAGE_ARRIVING)
    memset((uint8_t *)frame_memory(page->frame) + length % VM_PAGE_SIZE, 0,
           VM_PAGE_SIZE - length % VM_PAGE_SIZE);
  port_vm_unlock();
}
