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
#include "vm/walk.h"

/* The policy's victim, or FRAME_NONE.  One that may not go is a bug of the policy, found here. */
static frameno_t policy_choose(void) {
  frameno_t frame = frame_policy()->victim();
  if (frame != FRAME_NONE && (frame >= frame_count() || !frame_is_evictable(frame_at(frame))))
    PANIC("policy %s chose frame %u, which may not go", frame_policy()->name, (unsigned)frame);
  return frame;
}

/* Sends the page in FRAME, and those that go well with it, home; whether a frame is free for that.  A dirty
   page that cannot go is left mapped. */
static bool reclaim_frame(frameno_t frame) {
  static uint32_t evictions;
  if (vm_options.check_every > 0 && ++evictions % vm_options.check_every == 0) vm_check_locked();
  struct page *page = frame_at(frame)->page;
  bool stuck = swap_free_count() == 0 && page->slot == SLOT_NONE && !page_belongs_to_file(page);
  if (page->unwritten || (stuck && page_is_dirty(page))) return false;
  page_collect_dirty(page, true);
  if (page->dirty) return pageout_dirty(page);
  pageout_clean(page);
  return true;
}

/* Frees the policy's next victim if it is clean. */
bool reclaim_clean_frame(void) {
  ASSERT(port_vm_locked());
  frameno_t frame = policy_choose();
  if (frame == FRAME_NONE) return false;
  struct page *page = frame_at(frame)->page;
  if (page_is_dirty(page)) return false;
  page_collect_dirty(page, true);
  if (page->dirty) return false;
  pageout_clean(page);
  return true;
}

/* Frees at least one frame if any can go.  Every frame gets its chance: the policy may propose all
   that were not touched, which cannot go, before it comes to those that were; and some it may never propose. */
int reclaim_frames(void) {
  ASSERT(port_vm_locked());
  for (frameno_t tries = 2 * frame_count(); tries > 0; tries--) {
    frameno_t frame = policy_choose();
    if (frame == FRAME_NONE) return VM_ENOFRAME;
    if (reclaim_frame(frame)) return VM_OK;
  }
  for (frameno_t frame = 0; frame < frame_count(); frame++)
    if (frame_is_evictable(frame_at(frame)) && reclaim_frame(frame)) return VM_OK;
  return VM_ENOFRAME;
}

/* Frees the frame of a page that could not be written to its file, even if it still cannot be: then
   its file has lost something. */
bool reclaim_unwritten(void) {
  struct walk walk = {0};
  ASSERT(port_vm_locked());
  for (frameno_t frame = 0; frame < frame_count(); frame++) {
    walk_step(&walk);
    if (!frame_is_evictable(frame_at(frame))) continue;
    struct page *page = frame_at(frame)->page;
    if (!page->unwritten) continue;
    page_collect_dirty(page, true);
    pageout_unwritten(page);
    return true;
  }
  return false;
}
