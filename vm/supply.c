/* Supply. */
#include "vm/supply.h"
#include "lib/round.h"
#include "vm/error.h"
#include "vm/frame.h"
#include "vm/page.h"
#include "vm/reclaim.h"
#include "vm/stress.h"
#include "vm/swap.h"
#include "vm/turn.h"
#include "vm/walk.h"

/* One frame in so many is not lent to the kernel. */
#define PAGES_PART 8
/* Pages evicted at once when no more is. */
#define SQUEEZED_PAGES 64
/* So many frames are zeroed ahead, and only while so many are free: parts of the pool. */
#define ZEROED_PART 16
#define PLENTY_PART 4

static frameno_t reserve_low, reserve_high; /* Fixed after supply_init(); 0: no reserve. */
static frameno_t zeroed_most; /* Frames zeroed ahead.  Fixed after supply_init(); 0: none. */
static frameno_t
    reserve_rest; /* Frames to lend until the pageout thread, which found nothing, looks again. */
static const char reserve_channel;

/* Sizes the reserve and what is zeroed, if there is to be such. */
void supply_init(frameno_t frames, struct supply_ahead ahead) {
  bool large = frames >= RESERVE_POOL_MIN;
  zeroed_most = large && ahead.zeroes ? frames / ZEROED_PART : 0;
  reserve_low = large && ahead.reserve ? MIN(frames / 64, 32u) : 0;
  reserve_high = 2 * reserve_low;
  reserve_rest = 0;
}

/* Whether some frame will be free or evictable soon, so that waiting helps: one whose page is on its
   way, or that somebody has pinned for a moment.  HELD such pins are the caller's own. */
static bool frames_in_transit(unsigned held) {
  return frame_transit_count() > held;
}

/* Waits until a frame is free or may be evicted, if some frame is in transit.  The caller holds
   no frame, so whoever waits here keeps nobody else waiting. */
void supply_wait(void) {
  ASSERT(port_vm_locked());
  if (turn_comes_first() ||
      (frame_free_count() == 0 && !frames_in_transit(0) && turn_keeps_frames()))
    turn_outwait();
  else if (frame_free_count() == 0 && frames_in_transit(0))
    frame_wait();
}

/* Whether FRAME's page, once it has come to rest and unless it is locked, can leave without a slot
   other than the one it came from. */
static bool can_move(const struct frame *frame) {
  if (!frame->lent || frame->kernel || frame->wired > 0) return false;
  const struct page *page = frame->page;
  if (page->state == PAGE_ARRIVING) return page->home != HOME_ZERO;
  return page->state == PAGE_LEAVING || page_belongs_to_file(page) || !page_is_dirty(page) ||
         page->slot != SLOT_NONE;
}

/* Whether there is room for COUNT new pages: enough frames are left then whose pages can come and
   go, each counted as it is when its turn comes. */
bool supply_has_room(frameno_t count) {
  if (frame_free_count() >= FRAMES_MOVING + count) return true;
  frameno_t wanted = MIN((frameno_t)FRAMES_MOVING, frame_count() / 4) + count;
  frameno_t moving = frame_free_count() + swap_free_count();
  struct walk walk = {0};
  for (frameno_t i = 0; i < frame_count() && moving < wanted; i++) {
    moving += can_move(frame_at(i));
    walk_step(&walk);
  }
  return moving >= wanted;
}

/* Whether PAGE may have a frame.  One that comes from a file or a slot always: who goes on with what
   it has must not suffer from those who want more. */
static bool may_have_frame(const struct page *page) {
  return page->home != HOME_ZERO || frame_free_count() > FRAMES_MOVING || supply_has_room(1);
}

/* Wakes the pageout thread when fewer frames than the reserve are free, unless it rests. */
static void wake_if_low(void) {
  if (frame_free_count() >= reserve_low) return;
  if (reserve_rest > 0)
    reserve_rest--;
  else
    port_wake(&reserve_channel);
}

/* Lends a frame to PAGE.  Reclaims until one is free; see enum supply_wait for what happens when
   nothing can be reclaimed at the moment. */
int supply_frame(struct page *page, enum supply_wait wait) {
  ASSERT(port_vm_locked() && page->frame == NULL);
  if (stress_evicts()) reclaim_frames();
  for (;;) {
    if (!may_have_frame(page)) return VM_ENOFRAME;
    if (turn_comes_first()) return VM_RETRY;
    if (frame_free_count() > 0) break;
    turn_watch();
    if (reclaim_frames() == VM_OK || frame_free_count() > 0) continue;
    if (!frames_in_transit(wait == SUPPLY_RETRY)) {
      if (turn_let_go()) continue;
      if (turn_keeps_frames()) return VM_RETRY;
      if (reclaim_unwritten()) continue;
      return VM_ENOFRAME;
    }
    if (!turn_wants_frame() || wait == SUPPLY_RETRY) return VM_RETRY;
    frame_wait();
  }
  /* What has a page of zeroes waits here; who retries will copy something. */
  frame_lend(page, page->home == HOME_ZERO && wait == SUPPLY_WAIT);
  wake_if_low();
  return VM_OK;
}

/* Lends a frame to PAGE if that takes no I/O and no waiting. */
bool supply_try_frame(struct page *page) {
  ASSERT(port_vm_locked() && page->state == PAGE_ARRIVING);
  if (turn_comes_first()) return false;
  if (frame_free_count() == 0 && !reclaim_clean_frame()) return false;
  frame_lend(page, false);
  return true;
}

/* Zeroes a free frame, if there are plenty. */
bool supply_zero_ahead(void) {
  port_vm_lock();
  bool plenty = frame_free_count() >= frame_count() / PLENTY_PART;
  bool zeroed = plenty && frame_zeroed_count() < zeroed_most && frame_zero_ahead();
  port_vm_unlock();
  return zeroed;
}

/* Takes the VM lock unless the caller has it; whether he had not. */
static bool lock_if_needed(void) {
  bool locked = port_vm_locked();
  if (!locked) port_vm_lock();
  return !locked;
}

/* Whether the kernel may have COUNT frames: FRAMES_MOVING and one in PAGES_PART stay for pages, so that some
   can be locked as well.  VM lock. */
static bool kernel_may_have(frameno_t count) {
  frameno_t stay = FRAMES_MOVING + frame_count() / PAGES_PART;
  return frame_kernel_count() + frame_wired_count() + stay + count <= frame_count() &&
         supply_has_room(1);
}

/* Whether the kernel may have COUNT frames. */
bool supply_may_lend_kernel(frameno_t count) {
  bool locked = lock_if_needed();
  bool may = kernel_may_have(count);
  if (locked) port_vm_unlock();
  return may;
}

/* Waits for frames that are in transit or kept for somebody; whether there were any.  The caller holds none. */
static bool wait_for_frames(void) {
  if (!frames_in_transit(0) && !turn_keeps_frames()) return false;
  supply_wait();
  return true;
}

/* Sends some pages home though the kernel may have none of their frames, until it may have COUNT: the page tables
   that become empty are the kernel's again.  VM lock, given up meanwhile. */
static void squeeze(frameno_t count) {
  for (unsigned i = 0; i < SQUEEZED_PAGES && !kernel_may_have(count); i++)
    if (reclaim_frames() != VM_OK && !wait_for_frames()) return;
}

/* A frame for the kernel, or NULL; reclaims until one is free. */
struct frame *supply_lend_kernel(void) {
  struct frame *frame = NULL;
  port_vm_lock();
  squeeze(1);
  while (frame == NULL && kernel_may_have(1)) {
    if (turn_comes_first()) {
      supply_wait();
    } else if (frame_free_count() > 0) {
      frame = frame_lend_kernel();
    } else if (reclaim_frames() != VM_OK && frame_free_count() == 0 && !wait_for_frames()) {
      break;
    }
  }
  wake_if_low();
  port_vm_unlock();
  return frame;
}

/* Sends pages home until the kernel may have COUNT frames. */
void supply_make_lendable(frameno_t count) {
  port_vm_lock();
  squeeze(count);
  port_vm_unlock();
}

/* Takes FRAME back from the kernel. */
void supply_take_back(struct frame *frame) {
  ASSERT(frame->kernel);
  bool locked = lock_if_needed();
  frame_return(frame);
  if (locked) port_vm_unlock();
}

/* Whether the pool is large enough for a reserve. */
bool supply_keeps_reserve(void) {
  return reserve_low > 0;
}

/* Keeps between reserve_low and reserve_high frames free, so that a fault seldom waits for a
   write.  When nothing can go, or so few that it would take from those who run the pages that they are
   about to use, it has looked at all frames for nothing: it rests while as many are lent. */
void supply_reserve_thread(void *unused) {
  (void)unused;
  port_vm_lock();
  for (;;) {
    bool stuck = false;
    while (!stuck && frame_free_count() < reserve_high)
      stuck = !supply_has_room(2 * reserve_high) || reclaim_frames() != VM_OK;
    reserve_rest = stuck ? frame_count() : 0;
    port_wait(&reserve_channel, "free frames to run low");
  }
}
