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

/* Brings PAGE in when AS has the turn, and pins it.  VM lock, given up meanwhile; no other but that of the open file is
   held. */
static int pin_in_turn(struct addrspace *as, struct page *page) {
  int error;
  port_vm_unlock();
  addrspace_lock(as);
  port_vm_lock();
  do {
    error = turn_take(as);
    if (error == VM_OK) error = page_bring_in(page);
  } while (error == VM_RETRY);
  if (error == VM_OK) {
    frame_pin(page->frame);
    turn_done(as);
  } else {
    turn_give_up(as);
  }
  port_vm_unlock();
  addrspace_unlock(as);
  port_vm_lock();
  return error;
}

/* Brings PAGE in and pins it for T.  A process that others take the frames from again and again waits for its turn.  VM
   lock, given up meanwhile. */
static int pin_for(const struct transfer *t, struct page *page) {
  if (t->range == NULL) return page_pin(page);
  int error = page_bring_in(page);
  for (unsigned tries = 1; error == VM_RETRY && tries < TURN_TRIES; tries++)
    error = page_bring_in(page);
  if (error == VM_RETRY) return pin_in_turn(t->range->as, page);
  if (error == VM_OK) frame_pin(page->frame);
  return error;
}

/* Brings the page at T's offset in, pinned and held, into *RESULT.  VM lock, given up meanwhile. */
static int pin_page(const struct transfer *t, struct page **result) {
  struct page *page = *result = store_page(t->store, t->offset / VM_PAGE_SIZE);
  int error = page == NULL ? VM_ENOMEM : pin_for(t, page);
  if (error == VM_OK)
    page->frame->accessed = 1;
  else if (page != NULL)
    page_put(page);
  return error;
}

/* Lets PAGE of pin_page() go.  VM lock. */
static void unpin_page(struct page *page) {
  page_unpin(page);
  page_put(page);
}

/* Gives PAGE, pinned, blocks for SIZE bytes at T's offset; the file ends behind them if it ended before.
   From here on nothing may keep T from copying them.  VM lock, given up meanwhile. */
static int reserve(const struct transfer *t, struct page *page, uint32_t size) {
  struct store_extent extent = {.offset = t->offset, .size = size, .grow = true};
  return store_reserve_page(page, &extent);
}

/* Where T's offset is in the memory of PAGE, pinned. */
static uint8_t *content_at(const struct transfer *t, const struct page *page) {
  return (uint8_t *)frame_memory(page->frame) + t->offset % VM_PAGE_SIZE;
}

/* The page that the process of T has mapped at VPN now; NULL if there is none.  VM lock. */
static struct page *mapped_page(const struct transfer *t, vpn_t vpn) {
  const struct spte *spte = spt_get(&t->range->as->spt, vpn);
  return spte != NULL && spte_is_mapped(spte) ? spte->page : NULL;
}

/* Whether T can copy SIZE bytes between PAGE and its own memory at once.  Not if that memory is PAGE itself:
   a piece is taken as it was before any of it is stored.  And to write, all of it must be there, because
   the file grows before the copy.  VM lock. */
static bool is_direct(const struct transfer *t, const struct page *page, uint32_t size) {
  if (t->range == NULL || (!t->write && page->sptes == NULL)) return true;
  for (vpn_t vpn = vpn_of(t->user); vpn <= vpn_of(t->user + size - 1); vpn++) {
    const struct page *other = mapped_page(t, vpn);
    if (other == page || (other == NULL && t->write)) return false;
  }
  return true;
}

/* Keeps the user's pages of T's next SIZE bytes, which are all mapped, where they are; or no longer.  The
   process is here, so nobody else can change what it maps.  VM lock. */
static void keep_source(const struct transfer *t, uint32_t size, bool keep) {
  if (t->range == NULL || !t->write) return;
  for (vpn_t vpn = vpn_of(t->user); vpn <= vpn_of(t->user + size - 1); vpn++) {
    struct page *page = mapped_page(t, vpn);
    ASSERT(page != NULL);
    if (keep)
      frame_pin(page->frame);
    else
      page_unpin(page);
  }
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

/* Moves SIZE bytes within PAGE, pinned, directly.  Whether it went: if not, the user's page to read into
   is not there.  VM lock, given up meanwhile. */
static bool move_directly(struct transfer *t, struct page *page, uint32_t size, int *error) {
  ASSERT(page->frame->pins > 0 && size <= VM_PAGE_SIZE);
  keep_source(t, size, true);
  if (t->write) *error = reserve(t, page, size);
  size_t left = 0;
  if (*error == VM_OK) {
    port_vm_unlock();
    left = copy_now(t, content_at(t, page), size);
    port_vm_lock();
    if (t->write) page->dirty = true;
  }
  keep_source(t, size, false);
  ASSERT(left == 0 || !t->write);
  return left == 0;
}

/* Moves SIZE bytes between T's page of kernel memory and the file. */
static int move_bounce(struct transfer *t, uint32_t size) {
  struct page *page;
  port_vm_lock();
  int error = pin_page(t, &page);
  if (error == VM_OK) {
    if (t->write) error = reserve(t, page, size);
    port_vm_unlock();
    if (!t->write)
      memcpy(t->bounce, content_at(t, page), size);
    else if (error == VM_OK)
      memcpy(content_at(t, page), t->bounce, size);
    port_vm_lock();
    if (t->write && error == VM_OK) page->dirty = true;
    unpin_page(page);
  }
  port_vm_unlock();
  return error;
}

/* Moves SIZE bytes within one page by way of a kernel page: the user's may fault, and nobody may wait for a
   frame while he keeps another pinned.  Returns the bytes moved, which end where the user's memory
   does; *ERROR says why they are fewer. */
static uint32_t move_bounced(struct transfer *t, uint32_t size, int *error) {
  if (t->bounce == NULL) t->bounce = port_alloc(VM_PAGE_SIZE);
  *error = t->bounce == NULL ? VM_ENOMEM : VM_OK;
  struct user_range *range = t->range;
  uint32_t taken = size;
  if (*error == VM_OK && t->write) taken = user_read_part(t->bounce, t->user, size, &range->error);
  if (*error == VM_OK && taken > 0) *error = move_bounce(t, taken);
  if (*error != VM_OK) return 0;
  if (!t->write) taken = user_write_part(t->user, t->bounce, size, &range->error);
  *error = range->error;
  return taken;
}

/* Moves SIZE bytes within one page, directly if the other side is in memory.  As move_bounced(). */
static uint32_t move_in_page(struct transfer *t, uint32_t size, int *error) {
  struct page *page;
  port_vm_lock();
  *error = pin_page(t, &page);
  bool direct = *error == VM_OK && is_direct(t, page, size);
  bool moved = direct && move_directly(t, page, size, error);
  if (*error == VM_OK || direct) unpin_page(page);
  port_vm_unlock();
  if (*error != VM_OK) return 0;
  return moved ? size : move_bounced(t, size, error);
}

/* Moves SIZE bytes page by page.  Returns the bytes moved, or the error if there were none. */
static long transfer_run(struct transfer *t, uint32_t size) {
  uint32_t done = 0;
  int error = VM_OK;
  while (done < size && error == VM_OK) {
    uint32_t chunk = MIN(size - done, VM_PAGE_SIZE - t->offset % VM_PAGE_SIZE);
    uint32_t moved = move_in_page(t, chunk, &error);
    if (error == VM_ENOMEM && port_memory_make()) error = VM_OK;
    done += moved;
    t->offset += moved;
    if (t->range != NULL)
      t->user += moved;
    else
      t->memory += moved;
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
