/* Stores: the cache of a file's pages. */
#include "vm/store.h"
#include "lib/round.h"
#include "lib/string.h"
#include "vm/error.h"
#include "vm/event.h"
#include "vm/frame.h"
#include "vm/page.h"
#include "vm/port.h"
#include "vm/stats.h"
#include "vm/walk.h"

/* Makes STORE an empty cache over OPS for a file of LENGTH bytes. */
void store_init(struct store *store, const struct store_ops *ops, uint32_t length) {
  *store = (struct store){.ops = ops, .length = length};
  radix_init(&store->pages);
  port_vm_lock();
  list_push_back(&vm_stores, &store->node);
  port_vm_unlock();
}

/* The cached page INDEX of STORE, made if there was none, held for the caller. */
struct page *store_page(struct store *store, pindex_t index) {
  struct page *page = radix_get(&store->pages, index);
  if (page != NULL) {
    page_get(page);
    return page;
  }
  page = page_create();
  if (page == NULL) return NULL;
  page->home = store->anonymous ? HOME_ZERO : HOME_FILE;
  page->store = store;
  page->index = index;
  page->cached = true;
  if (radix_insert(&store->pages, index, page)) {
    event_trace(STORE_PAGE, 0, store->anonymous, event_id(page), event_id(store), index);
    if (store->anonymous) page_get(page);
    return page;
  }
  page->cached = false;
  page_put(page);
  return NULL;
}

/* Gives PAGE, pinned, the blocks that EXTENT needs.  A new block holds what was there before: the
   page must be written, even if the process dies before it changes it.  If these are the blocks of all that the
   file has of the page, and still has when the VM lock is back, this is noted. */
int store_reserve_page(struct page *page, const struct store_extent *extent) {
  struct store *store = page->store;
  if (store->lost) return VM_EIO;
  ASSERT(page->cached && page->frame->pins > 0);
  uint32_t given = extent->grow ? extent->size : MIN(extent->size, store_page_bytes(page));
  port_vm_unlock();
  int error = store->ops->reserve(store, extent->offset, extent->size, extent->grow);
  port_vm_lock();
  if (error != VM_OK) return error;
  page->dirty = true;
  if (extent->offset % VM_PAGE_SIZE == 0 && store_page_bytes(page) <= given) page->backed = true;
  return VM_OK;
}

/* Frees the frames of pages FIRST to LAST of STORE that nobody uses and that need not be written. */
void store_drop_idle(struct store *store, pindex_t first, pindex_t last) {
  struct walk walk = {0};
  pindex_t index = first;
  struct page *page;
  port_vm_lock();
  while ((page = radix_next(&store->pages, &index, last)) != NULL) {
    bool idle = page->refs == 0 && !page->dirty && page->state == PAGE_RESIDENT;
    if (idle && page->frame->pins == 0) page_leave_frame(page);
    walk_step(&walk);
    if (index++ == last) break;
  }
  port_vm_unlock();
}

/* Drops every page of STORE unwritten and takes STORE off the list of stores. */
void store_purge(struct store *store) {
  struct walk walk = {0};
  uint32_t index = 0;
  struct page *page;
  port_vm_lock();
  ASSERT(store->writers == 0 && store->write_denials == 0);
  while ((page = radix_next(&store->pages, &index, PINDEX_LAST)) != NULL) {
    bool busy = page->state == PAGE_ARRIVING || page->state == PAGE_LEAVING;
    if (busy || (page->frame != NULL && page->frame->pins > 0)) {
      page_wait(page, "a page to come to rest");
      continue;
    }
    ASSERT(page->sptes == NULL);
    if (!store->anonymous) page_get(page);
    page_drop(page);
    walk_step(&walk);
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

/* Takes STORE's pages away from all who can write to them.  Denials are counted already, so a page that the
   walk has passed, or that comes in behind it, is not entered writable any more: in the end none is.  VM lock,
   given up meanwhile. */
static void protect_all(struct store *store) {
  struct walk walk = {0};
  uint32_t index = 0;
  struct page *page;
  ASSERT(store->write_denials > 0);
  for (; (page = radix_next(&store->pages, &index, PINDEX_LAST)) != NULL; index++) {
    page_write_protect(page);
    walk_step(&walk);
  }
  store->is_protected = true;
}

/* One more running program whose file STORE is.  The first takes its pages away from all who could write to
   them; one that comes before it is done does so as well, rather than run too early. */
bool store_deny_writing(struct store *store) {
  port_vm_lock();
  bool allowed = store->writers == 0;
  if (allowed) {
    store->write_denials++;
    if (!store->is_protected) protect_all(store);
  }
  port_vm_unlock();
  return allowed;
}

/* One fewer. */
void store_allow_writing(struct store *store) {
  port_vm_lock();
  ASSERT(store->write_denials > 0);
  if (--store->write_denials == 0) store->is_protected = false;
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
  ASSERT(port_vm_locked() && page->state != PAGE_ARRIVING);
  page_assert(page);
  uint32_t used = store_length(store) % VM_PAGE_SIZE;
  memset((uint8_t *)frame_memory(page->frame) + used, 0, VM_PAGE_SIZE - used);
}

/* The file of STORE is going to have more of the page that it ends in, wherever that is now: nobody knows of blocks for
   it.  VM lock. */
static void forget_backed(struct store *store) {
  uint32_t length = store_length(store);
  struct page *page =
      length % VM_PAGE_SIZE != 0 ? radix_get(&store->pages, length / VM_PAGE_SIZE) : NULL;
  if (page != NULL) page->backed = false;
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
  forget_backed(store);
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
