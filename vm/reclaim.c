/* Reclaim. */
#include "vm/reclaim.h"
#include "vm/check.h"
#include "vm/error.h"
#include "vm/frame.h"
#include "vm/page.h"
#include "vm/pageout.h"
#include "vm/port.h"
#include "vm/stats.h"
#include "vm/swap.h"

enum outcome {
  FREED,   /* At least one frame is free now. */
  NOTHING, /* This victim stays; another may go. */
  NO_VICTIM
};

/* Asks the policy for a victim and sends it, and those that go well with it, home.  A dirty page
   that cannot go is left mapped. */
static enum outcome reclaim_one(void) {
  static uint32_t evictions;
  if (vm_options.check_every > 0 && ++evictions % vm_options.check_every == 0) vm_check_locked();
  frameno_t frame = frame_policy()->victim();
  if (frame == FRAME_NONE) return NO_VICTIM;
  struct page *page = frame_at(frame)->page;
  bool stuck = swap_free_count() == 0 && !page_belongs_to_file(page);
  if (page->unwritten || (stuck && page_is_dirty(page))) return NOTHING;
  page_collect_dirty(page, true);
  if (page->dirty) return pageout_dirty(page) ? FREED : NOTHING;
  pageout_clean(page);
  return FREED;
}

/* Frees the policy's next victim if it is clean. */
bool reclaim_clean_frame(void) {
  frameno_t frame = frame_policy()->victim();
  if (frame == FRAME_NONE) return false;
  struct page *page = frame_at(frame)->page;
  if (page_is_dirty(page)) return false;
  page_collect_dirty(page, true);
  if (page->dirty) return false;
  pageout_clean(page);
  return true;
}

/* Frees at least one frame if any can go.  Every frame gets its chance: the policy may propose all
   that were not touched, which cannot go, before it comes to those that were. */
int reclaim_frames(void) {
  ASSERT(port_vm_locked());
  for (frameno_t tries = 2 * frame_count(); tries > 0; tries--) {
    enum outcome outcome = reclaim_one();
    if (outcome == FREED) return VM_OK;
    if (outcome == NO_VICTIM) break;
  }
  return VM_ENOFRAME;
}

/* Frees the frame of a page that could not be written to its file, even if it still cannot be: then
   its file has lost something. */
bool reclaim_unwritten(void) {
  for (frameno_t tries = frame_count(); tries > 0; tries--) {
    frameno_t frame = frame_policy()->victim();
    if (frame == FRAME_NONE) return false;
    struct page *page = frame_at(frame)->page;
    if (!page->unwritten) continue;
    page_collect_dirty(page, true);
    pageout_unwritten(page);
    return true;
  }
  return false;
}
