/* Page-in. */
#include "vm/pagein.h"
#include "vm/addrspace.h"
#include "vm/error.h"
#include "vm/frame.h"
#include "vm/page.h"
#include "vm/readahead.h"
#include "vm/store.h"
#include "vm/stress.h"
#include "vm/supply.h"
#include "vm/swap.h"

/* Records that RUN is read: pages of STORE, or if that is NULL slots, from FIRST on. */
static void note_read(const struct store *store, uint32_t first, const struct read_run *run) {
  const struct spte *spte = run->pages[run->wanted]->sptes;
  event_note(READ, spte != NULL ? spte->block->as->number : 0, store != NULL,
             store != NULL ? event_id(store) : 0, first, run->count, run->wanted);
}

/* Reads the pages of RUN of STORE, the VM lock given up meanwhile. */
static int read_from_file(struct store *store, const struct read_run *run) {
  void *memory[RUN_MAX];
  ASSERT(port_vm_locked() && run->count > 0 && run->count <= RUN_MAX);
  read_run_memory(run, memory);
  vm_stats.file_reads += run->count;
  vm_stats.file_read_requests++;
  note_read(store, run->pages[0]->index, run);
  port_vm_unlock();
  stress_delay();
  int error = store->ops->read(store, run->pages[0]->index, run->count, memory);
  stress_delay();
  port_vm_lock();
  event_note(READ_DONE, 0, 1, event_id(store), run->pages[0]->index, run->count, (uint32_t)error);
  return error;
}

/* Reads PAGE, which has a frame and is ARRIVING, from its store, and what should come with it. If
   that fails, the page that is needed is tried alone. */
static int read_file_page(struct page *page) {
  struct read_run run;
  readahead_file(&run, page);
  bool alone = run.count == 1;
  int error = read_from_file(page->store, &run);
  read_run_end(&run, error == VM_OK);
  return error == VM_OK || alone ? error : read_from_file(page->store, &run);
}

/* Whether pages that are read back keep their slots: not when so few are free that clusters would find none together. */
static bool keeps_slots(void) {
  return vm_options.swap_keep && swap_free_count() >= swap_total() / 2;
}

/* Reads the pages of RUN from their slots, the VM lock given up meanwhile. */
static int read_from_swap(const struct read_run *run) {
  void *memory[RUN_MAX];
  slot_t slot = run->pages[0]->slot;
  ASSERT(port_vm_locked() && run->count > 0 && run->count <= RUN_MAX && slot != SLOT_NONE);
  read_run_memory(run, memory);
  vm_stats.swap_reads += run->count;
  vm_stats.swap_read_requests++;
  note_read(NULL, slot, run);
  port_vm_unlock();
  stress_delay();
  int error = port_swap_read(slot, run->count, memory);
  stress_delay();
  port_vm_lock();
  event_note(READ_DONE, 0, 0, 0, slot, run->count, (uint32_t)error);
  if (error != VM_OK || keeps_slots()) return error;
  for (unsigned i = 0; i < run->count; i++) {
    swap_free(slot + i);
    page_set_slot(run->pages[i], SLOT_NONE);
    run->pages[i]->dirty = true;
  }
  return VM_OK;
}

/* Reads PAGE from its slot, and what should come with it; their only copies are in the frames
   afterwards, unless they keep their slots.  If that fails, the page that is needed is tried alone. */
static int read_swapped_page(struct page *page) {
  struct read_run run;
  readahead_swap(&run, page);
  bool alone = run.count == 1;
  int error = read_from_swap(&run);
  read_run_end(&run, error == VM_OK);
  return error == VM_OK || alone ? error : read_from_swap(&run);
}

/* Fills the frame of PAGE, whose home is some bytes of a file and then zeroes, from the cached
   page of the file, so that it sees what was written to the file and not yet to disk.  VM lock
   held on entry and return. */
static int fill_partial(struct page *page) {
  ASSERT(page->length > 0 && !page->cached);
  struct page *source = store_page(page->store, page->index);
  if (source == NULL) return VM_ENOMEM;
  int error = page_pin(source);
  if (error == VM_OK) {
    error = supply_frame(page, SUPPLY_RETRY);
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

/* Lends PAGE a frame and fills it with zeroes, or from its slot.  Clearing takes no longer than the VM lock may be held,
   and may have been done ahead. */
static int fill_anonymous(struct page *page) {
  int error = supply_frame(page, SUPPLY_WAIT);
  if (error != VM_OK) return error;
  if (page->home == HOME_SWAP) return read_swapped_page(page);
  void *memory = frame_memory(page->frame);
  if (!page->frame->zeroed) port_zero_page(memory);
  ASSERT(*(uint32_t *)memory == 0);
  return VM_OK;
}

/* Lends PAGE, a whole page of its file, a frame and reads it.  What the disk has of a file that lost
   something may be older than what was written, so nobody gets it. */
static int fill_from_file(struct page *page) {
  if (page->store->lost) return VM_EIO;
  int error = supply_frame(page, SUPPLY_WAIT);
  if (error != VM_OK) return error;
  return read_file_page(page);
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
    ASSERT(page->state == PAGE_ARRIVING || page->state == PAGE_LEAVING);
    page_wait(page, "a page");
    return VM_RETRY;
  }
  page_start_arriving(page);
  int error = page_fill(page);
  if (error == VM_OK) {
    page_arrived(page, page->home == HOME_ZERO ? CAME_NEW : CAME_FAULT);
    return VM_OK;
  }
  page_not_arrived(page);
  if (error == VM_RETRY) supply_wait();
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
