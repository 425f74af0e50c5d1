/* The ways to a file's content for read() and write(): copies between its cached pages and memory of
   the kernel or of a user. */
#include "lib/round.h"
#include "lib/string.h"
#include "vm/addrspace.h"
#include "vm/error.h"
#include "vm/frame.h"
#include "vm/page.h"
#include "vm/pagein.h"
#include "vm/port.h"
#include "vm/store.h"
#include "vm/user.h"

/* One transfer between a store and memory of the kernel or of a user. */
struct transfer {
  /* Request. */
  struct store *store;
  bool write;
  struct user_range *range; /* NULL: MEMORY is the kernel's. */
  uint8_t *memory;
  /* Progress. */
  uint32_t offset;
  uaddr_t user;
  void *bounce; /* A page of kernel memory, made when first needed. */
};

/* Brings the page at T's offset in, pinned and held, into *RESULT; for writing SIZE bytes there, with
   blocks for them. */
static int pin_for(const struct transfer *t, uint32_t size, struct page **result) {
  struct store_extent extent = {.offset = t->offset, .size = size, .grow = true};
  port_vm_lock();
  struct page *page = *result = store_page(t->store, t->offset / VM_PAGE_SIZE);
  int error = page == NULL ? VM_ENOMEM : page_pin(page);
  if (error == VM_OK) {
    page->frame->touched = 1;
    if (t->write) error = store_reserve_page(page, &extent);
    if (error != VM_OK) page_unpin(page);
  }
  if (error != VM_OK && page != NULL) page_put(page);
  port_vm_unlock();
  return error;
}

/* Lets PAGE of pin_for() go; DIRTY: its content was changed. */
static void unpin(struct page *page, bool dirty) {
  port_vm_lock();
  if (dirty) page->dirty = true;
  page_unpin(page);
  page_put(page);
  port_vm_unlock();
}

/* Copies SIZE bytes between the pinned page content AT and T's memory, without faulting.  Returns
   the bytes not copied. */
static size_t copy_now(struct transfer *t, uint8_t *at, uint32_t size) {
  if (t->range != NULL && t->write) return port_copy_from_user(at, t->user, size, NULL);
  if (t->range != NULL) return port_copy_to_user(t->user, at, size, NULL);
  if (t->write)
    memcpy(at, t->memory, size);
  else
    memcpy(t->memory, at, size);
  return 0;
}

/* Moves SIZE bytes within one page by way of a kernel page, because the user's page is not in a
   frame: it may fault, and nobody may wait for a frame while he keeps another pinned. */
static int move_bounced(struct transfer *t, uint32_t size) {
  if (t->bounce == NULL) t->bounce = port_alloc(VM_PAGE_SIZE);
  if (t->bounce == NULL) return VM_ENOMEM;
  struct user_range *range = t->range;
  if (t->write) range->error = user_read(range->as, t->bounce, t->user, size);
  if (range->error != VM_OK) return range->error;
  struct page *page;
  int error = pin_for(t, size, &page);
  if (error != VM_OK) return error;
  uint8_t *at = (uint8_t *)frame_memory(page->frame) + t->offset % VM_PAGE_SIZE;
  if (t->write)
    memcpy(at, t->bounce, size);
  else
    memcpy(t->bounce, at, size);
  unpin(page, t->write);
  if (!t->write) range->error = user_write(range->as, t->user, t->bounce, size);
  return range->error;
}

/* Moves SIZE bytes within one page, directly if the other side is in memory. */
static int move_in_page(struct transfer *t, uint32_t size) {
  struct page *page;
  int error = pin_for(t, size, &page);
  if (error != VM_OK) return error;
  uint8_t *at = (uint8_t *)frame_memory(page->frame) + t->offset % VM_PAGE_SIZE;
  size_t left = copy_now(t, at, size);
  unpin(page, t->write);
  return left == 0 ? VM_OK : move_bounced(t, size);
}

/* Moves SIZE bytes page by page.  Returns the bytes moved, or the error if there were none. */
static long transfer_run(struct transfer *t, uint32_t size) {
  uint32_t done = 0;
  int error = VM_OK;
  while (done < size) {
    uint32_t chunk = MIN(size - done, VM_PAGE_SIZE - t->offset % VM_PAGE_SIZE);
    error = move_in_page(t, chunk);
    if (error != VM_OK) break;
    done += chunk;
    t->offset += chunk;
    if (t->range != NULL)
      t->user += chunk;
    else
      t->memory += chunk;
  }
  port_free(t->bounce);
  return error == VM_OK || done > 0 ? (long)done : error;
}

/* SIZE cut so that OFFSET + SIZE does not pass the end of STORE. */
static uint32_t clip(const struct store *store, uint32_t offset, uint32_t size) {
  uint32_t length = store_length(store);
  return offset >= length ? 0 : MIN(size, length - offset);
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

/* Copies what STORE has at OFFSET to DST. */
long store_read_user(struct store *store, uint32_t offset, struct user_range *dst) {
  struct transfer t = {.store = store, .range = dst, .user = dst->address, .offset = offset};
  dst->error = VM_OK;
  return transfer_run(&t, clip(store, offset, dst->size));
}

/* Copies SRC to OFFSET of STORE. */
long store_write_user(struct store *store, uint32_t offset, struct user_range *src) {
  struct transfer t = {
      .store = store, .write = true, .range = src, .user = src->address, .offset = offset};
  src->error = VM_OK;
  return transfer_run(&t, src->size);
}
