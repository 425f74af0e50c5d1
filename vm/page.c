/* Pages and their lives. */
#include "vm/page.h"
#include "lib/round.h"
#include "vm/addrspace.h"
#include "vm/error.h"
#include "vm/frame.h"
#include "vm/port.h"
#include "vm/reclaim.h"
#include "vm/store.h"
#include "vm/swap.h"
#include "vm/vm.h"

_Static_assert(sizeof(void *) != 4 || sizeof(struct page) == 28, "a page costs 28 bytes");

/* Never dies, never leaves, is nobody's alone. */
struct page page_zero = {.state = PAGE_ABSENT, .home = HOME_ZERO, .slot = SLOT_NONE, .refs = 1};

/* A new ABSENT page of zeroes, held once. */
struct page *page_create(void) {
  struct page *page = port_alloc(sizeof *page);
  if (page == NULL) return NULL;
  *page = (struct page){.state = PAGE_ABSENT, .home = HOME_ZERO, .slot = SLOT_NONE, .refs = 1};
  vm_pages_live++;
  return page;
}

/* Ends PAGE, which nobody uses: its frame and slot become free. */
static void page_destroy(struct page *page) {
  ASSERT(page->sptes == NULL && page != &page_zero);
  if (page->cached) {
    void *removed = radix_remove(&page->store->pages, page->index);
    ASSERT(removed == page);
    if (page->frame != NULL) page->store->resident--;
  }
  if (page->frame != NULL) frame_free(page->frame);
  if (page->slot != SLOT_NONE) swap_free(page->slot);
  port_free(page);
  vm_pages_live--;
}

/* Ends PAGE, which nobody holds.  A cached page stays while it has a frame and its store is alive. */
void page_unused(struct page *page) {
  ASSERT(port_vm_locked() && page->refs == 0);
  ASSERT(page->state == PAGE_ABSENT || page->state == PAGE_RESIDENT);
  if (page->cached && page->frame != NULL) return;
  page_destroy(page);
}

/* Ends PAGE, held by the caller alone, cached or not. */
void page_drop(struct page *page) {
  ASSERT(page->refs == 1);
  page->refs = 0;
  page_destroy(page);
}

/* The cached page INDEX of STORE, made if there was none, held for the caller. */
struct page *page_of_store(struct store *store, pindex_t index) {
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
    if (store->anonymous) page_get(page);
    return page;
  }
  page->cached = false;
  page_put(page);
  return NULL;
}

/* Whether PAGE, when dirty, goes to its file rather than to a slot. */
bool page_belongs_to_file(const struct page *page) {
  return page->cached && !page->store->anonymous;
}

/* Counts a page in a slot for SPTE's process, or no longer. */
void page_count_swapped(struct spte *spte, int change) {
  spte->as->counters.swapped += change;
}

/* Changes PAGE's slot (SLOT_NONE: it has none), which its users count as swapped. */
void page_set_slot(struct page *page, slot_t slot) {
  int change = (slot != SLOT_NONE) - (page->slot != SLOT_NONE);
  page->slot = slot;
  if (change == 0) return;
  for (struct spte *spte = page->sptes; spte != NULL; spte = spte->next)
    spte->as->counters.swapped += change;
}

/* A pmap knew of a write to PAGE: it is dirty, and its file, if it is a file's, was written by a mapping. */
void page_note_write(struct page *page) {
  page->dirty = true;
  if (page->cached) __atomic_store_n(&page->store->mapping_wrote, true, __ATOMIC_RELAXED);
}

/* Collects into page->dirty what the pmaps know.  With REMOVE every entry is removed before its
   dirty bit is looked at: a write between the two orders would be lost. */
void page_collect_dirty(struct page *page, bool remove) {
  for (struct spte *spte = page->sptes; spte != NULL; spte = spte->next) {
    bool dirty = remove ? spte_unmap(spte) : port_pmap_take_dirty(spte->as->pmap, spte->vpn);
    if (dirty) page_note_write(page);
  }
}

/* Takes the right to write to PAGE from all pmaps, until the next fault. */
void page_write_protect(struct page *page) {
  for (struct spte *spte = page->sptes; spte != NULL; spte = spte->next)
    if (spte_is_mapped(spte)) port_pmap_write_protect(spte->as->pmap, spte->vpn);
}

/* PAGE's frame was filled: it is RESIDENT from now on. */
void page_arrived(struct page *page) {
  ASSERT(page->state == PAGE_ARRIVING && page->frame != NULL);
  page->state = PAGE_RESIDENT;
  page->frame->admitted = 1;
  if (page->cached) page->store->resident++;
  reclaim_policy()->admit(frame_number(page->frame));
  port_wake(page);
  frame_settled();
}

/* Takes PAGE out of its frame.  A cached page that nobody holds ends with that. */
void page_leave_frame(struct page *page) {
  ASSERT(page->state == PAGE_RESIDENT || page->state == PAGE_LEAVING);
  page->state = PAGE_ABSENT;
  page->dirty = page->unwritten = false;
  if (page->cached) page->store->resident--;
  frame_free(page->frame);
  port_wake(page);
  page_get(page);
  page_put(page);
}

/* Fills the frame of PAGE, whose home is some bytes of a file and then zeroes, from the cached
   page of the file, so that it sees what was written to the file and not yet to disk.  VM lock
   held on entry and return. */
static int fill_partial(struct page *page) {
  struct page *source = page_of_store(page->store, page->index);
  if (source == NULL) return VM_ENOMEM;
  int error = page_pin(source);
  if (error == VM_OK) {
    error = frame_alloc(page, FRAME_RETRY);
    if (error == VM_OK) {
      uint8_t *memory = frame_memory(page->frame);
      port_vm_unlock();
      port_copy_page(memory, frame_memory(source->frame));
      for (uint32_t i = page->length; i < VM_PAGE_SIZE; i++) memory[i] = 0;
      port_vm_lock();
    }
    page_unpin(source);
  }
  page_put(source);
  return error;
}

/* Lends PAGE a frame and fills it with zeroes, or from its slot. */
static int fill_anonymous(struct page *page) {
  int error = frame_alloc(page, FRAME_WAIT);
  if (error != VM_OK) return error;
  if (page->home == HOME_SWAP) return swap_read_page(page);
  void *memory = frame_memory(page->frame);
  port_vm_unlock();
  port_zero_page(memory);
  port_vm_lock();
  return VM_OK;
}

/* Lends PAGE, a whole page of its file, a frame and reads it.  What the disk has of a file that lost
   something may be older than what was written, so nobody gets it. */
static int fill_from_file(struct page *page) {
  if (page->store->lost) return VM_EIO;
  int error = frame_alloc(page, FRAME_WAIT);
  if (error != VM_OK) return error;
  return store_read_page(page);
}

/* Lends PAGE a frame and fills it; the VM lock is given up meanwhile. */
static int page_fill(struct page *page) {
  if (page->home != HOME_FILE) return fill_anonymous(page);
  return page->length == 0 ? fill_from_file(page) : fill_partial(page);
}

/* Brings PAGE into a frame.  It is claimed as ARRIVING before anything can sleep, so that whoever
   else wants it waits instead of reading it again. */
int page_bring_in(struct page *page) {
  ASSERT(port_vm_locked() && page->refs > 0);
  if (page->state == PAGE_RESIDENT) return VM_OK;
  if (page->state != PAGE_ABSENT) {
    port_wait(page, "a page");
    return VM_RETRY;
  }
  page->state = PAGE_ARRIVING;
  int error = page_fill(page);
  if (error == VM_OK) {
    page_arrived(page);
    return VM_OK;
  }
  page->state = PAGE_ABSENT;
  if (page->frame != NULL) frame_free(page->frame);
  port_wake(page);
  if (error == VM_RETRY) frame_wait_transit();
  return error;
}

/* Brings PAGE in and pins it; the caller unpins. */
int page_pin(struct page *page) {
  int error;
  do error = page_bring_in(page);
  while (error == VM_RETRY);
  if (error == VM_OK) frame_pin(page->frame);
  return error;
}

/* Gives up one pin; those who wait for PAGE to be let go look again. */
void page_unpin(struct page *page) {
  frame_unpin(page->frame);
  port_wake(page);
}
