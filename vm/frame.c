/* The frame table. */
#include "vm/frame.h"
#include "lib/round.h"
#include "vm/error.h"
#include "vm/page.h"
#include "vm/port.h"
#include "vm/reclaim.h"
#include "vm/stress.h"
#include "vm/swap.h"

_Static_assert(sizeof(void *) != 4 || sizeof(struct frame) == 8, "a frame costs 8 bytes");

static struct frame *frames; /* The pool's, then the zero frame. */
static frameno_t frame_total, frames_free;
/* Free frames, first come first served: frames that were freed together, their pages being
   neighbours, are then lent to neighbours again, and leave together again. */
static struct frame *free_first, **free_last;
/* Frames lent to the kernel, and frames that vm_lock() keeps, one for each locked entry: those that
   share a page may come to need one each. */
static frameno_t frames_kernel, frames_wired;

/* The kernel borrows no frame when fewer than one in so many are free. */
#define KERNEL_PART 4
/* So many frames, in small pools fewer, stay such that their pages can come and go: none is lent to the
   kernel, locked, or given to a new page when there is no slot to send one to.  An instruction needs
   up to six pages at the same time, a copy two frames. */
#define FRAMES_MOVING 8

/* Where threads wait for frames in transit, and how many do. */
static const char transit_channel;
static unsigned transit_waiters;

/* Puts FRAME at the end of the free ones. */
static void add_free(struct frame *frame) {
  *frame = (struct frame){.next_free = NULL};
  *free_last = frame;
  free_last = &frame->next_free;
  frames_free++;
}

/* Sets up COUNT free frames, and the zero frame, lent to page_zero for good. */
bool frame_init(frameno_t count) {
  frames = port_alloc((count + 1) * sizeof *frames);
  if (frames == NULL) return false;
  frame_total = count;
  frames_free = frames_kernel = frames_wired = 0;
  free_first = NULL;
  free_last = &free_first;
  for (frameno_t i = 0; i < count; i++) add_free(&frames[i]);
  frames[count] = (struct frame){.page = &page_zero, .pins = 1, .lent = true};
  port_zero_page(frame_memory(&frames[count]));
  page_zero.frame = &frames[count];
  page_zero.state = PAGE_RESIDENT;
  return true;
}

/* The number of FRAME in the pool. */
frameno_t frame_number(const struct frame *frame) {
  return frame - frames;
}

/* The frame of that NUMBER. */
struct frame *frame_at(frameno_t number) {
  return &frames[number];
}

/* Where the kernel sees the content of FRAME. */
void *frame_memory(const struct frame *frame) {
  return port_frame_memory(frame_number(frame));
}

/* Frames in the pool. */
frameno_t frame_count(void) {
  return frame_total;
}

/* Frames that are free now. */
frameno_t frame_free_count(void) {
  return frames_free;
}

/* Frames that the kernel has borrowed. */
frameno_t frame_kernel_count(void) {
  return frames_kernel;
}

/* Pins for long, of all frames. */
frameno_t frame_wired_count(void) {
  return frames_wired;
}

/* Whether FRAME's page is RESIDENT and nobody needs it to stay. */
bool frame_is_evictable(const struct frame *frame) {
  return frame->lent && !frame->kernel && frame->pins == 0 && frame->page->state == PAGE_RESIDENT;
}

/* Whether some frame will be free or evictable soon, so that waiting helps: one whose page is on its
   way, or that somebody has pinned for a moment.  HELD such pins are the caller's own. */
static bool frames_in_transit(unsigned held) {
  unsigned found = 0;
  for (frameno_t i = 0; i < frame_total && found <= held; i++) {
    const struct frame *frame = &frames[i];
    if (frame->lent && !frame->kernel)
      found += (frame->page->state != PAGE_RESIDENT) + (frame->pins - frame->wired);
  }
  return found > held;
}

/* Waits until some frame in transit has come to rest. */
static void wait_transit(void) {
  transit_waiters++;
  port_wait(&transit_channel, "a frame");
  transit_waiters--;
}

/* A page came to rest in its frame: those who wait for frames look again, because it may be the
   last that was in transit. */
void frame_settled(void) {
  if (transit_waiters > 0) port_wake(&transit_channel);
}

/* Waits until a frame is free or may be evicted, if some frame is in transit.  The caller holds
   no frame, so whoever waits here keeps nobody else waiting. */
void frame_wait_transit(void) {
  if (free_first == NULL && frames_in_transit(0)) wait_transit();
}

/* Takes the first free frame, of which there is one. */
static struct frame *take_free(void) {
  struct frame *frame = free_first;
  free_first = frame->next_free;
  if (free_first == NULL) free_last = &free_first;
  frames_free--;
  return frame;
}

/* Lends the first free frame to PAGE. */
static void frame_lend(struct page *page) {
  struct frame *frame = take_free();
  *frame = (struct frame){.page = page, .lent = true};
  page->frame = frame;
}

/* Whether FRAME's page, once it has come to rest and unless it is locked, can leave without a slot
   other than the one it came from. */
static bool can_move(const struct frame *frame) {
  if (!frame->lent || frame->kernel || frame->wired > 0) return false;
  const struct page *page = frame->page;
  if (page->state == PAGE_ARRIVING) return page->home != HOME_ZERO;
  return page->state == PAGE_LEAVING || page_belongs_to_file(page) ||
         !policy_is_dirty(frame_number(frame));
}

/* Whether there is room for COUNT new pages: enough frames are left then whose pages can come and
   go. */
bool frame_has_room(frameno_t count) {
  frameno_t wanted = MIN(FRAMES_MOVING, frame_total / 4) + count;
  frameno_t moving = frames_free + (swap_total() - swap_used() - swap_bad());
  for (frameno_t i = 0; i < frame_total && moving < wanted; i++) moving += can_move(&frames[i]);
  return moving >= wanted;
}

/* Whether PAGE may have a frame.  One that comes from a file or a slot always: who goes on with what
   it has must not suffer from those who want more. */
static bool may_have_frame(const struct page *page) {
  return page->home != HOME_ZERO || frame_has_room(1);
}

/* Lends a frame to PAGE.  Reclaims until one is free; see enum frame_wait for what happens when
   nothing can be reclaimed at the moment. */
int frame_alloc(struct page *page, enum frame_wait wait) {
  ASSERT(port_vm_locked() && page->frame == NULL);
  stress_evict();
  for (;;) {
    if (!may_have_frame(page)) return VM_ENOFRAME;
    if (free_first != NULL) break;
    if (reclaim_frames() == VM_OK || free_first != NULL) continue;
    if (!frames_in_transit(wait == FRAME_RETRY)) {
      if (reclaim_unwritten()) continue;
      return VM_ENOFRAME;
    }
    if (wait == FRAME_RETRY) return VM_RETRY;
    wait_transit();
  }
  frame_lend(page);
  reclaim_wake_if_low(frames_free);
  return VM_OK;
}

/* Lends a frame to PAGE if that takes no I/O and no waiting. */
bool frame_try_alloc(struct page *page) {
  if (free_first == NULL && !reclaim_clean_frame()) return false;
  frame_lend(page);
  return true;
}

/* Takes FRAME back from its page and tells those who wait for one. */
void frame_free(struct frame *frame) {
  ASSERT(port_vm_locked() && frame->lent && frame->pins == 0);
  if (frame->admitted) reclaim_policy()->remove(frame_number(frame));
  frame->page->frame = NULL;
  add_free(frame);
  port_wake(&transit_channel);
}

/* Keeps FRAME's page where it is until it is unpinned as often. */
void frame_pin(struct frame *frame) {
  ASSERT(frame->pins < UINT16_MAX);
  frame->pins++;
}

/* Gives up one pin; those who wait for frames look again when it was the last. */
void frame_unpin(struct frame *frame) {
  ASSERT(frame->pins > 0);
  if (--frame->pins > frame->wired) return;
  port_wake(&transit_channel);
}

/* Whether one frame more may be lent to the kernel or wired, which leaves LEAST at least. */
static bool may_keep_one(frameno_t least) {
  return frames_kernel + frames_wired + least < frame_total;
}

/* Pins FRAME until it is unwired.  The zero frame does not leave anyway. */
static void wire(struct frame *frame) {
  if (frame_number(frame) == frame_total) return;
  frame->wired++;
  frame_pin(frame);
}

/* Undoes wire(). */
static void unwire(struct frame *frame) {
  if (frame_number(frame) == frame_total) return;
  ASSERT(frame->wired > 0);
  frame->wired--;
  frame_unpin(frame);
}

/* Pins FRAME for long. */
bool frame_wire(struct frame *frame) {
  if (frame->wired == FRAME_WIRES) return false;
  if (frames_wired >= (frame_total - frames_kernel) / 2) return false;
  if (!may_keep_one(MIN(FRAMES_MOVING, frame_total / 2))) return false;
  frames_wired++;
  wire(frame);
  return true;
}

/* Gives up one pin of frame_wire(). */
void frame_unwire(struct frame *frame) {
  frames_wired--;
  unwire(frame);
}

/* Moves one pin of frame_wire() from FROM to TO, which nobody has wired. */
void frame_move_wire(struct frame *from, struct frame *to) {
  unwire(from);
  wire(to);
}

/* Takes the VM lock unless the caller has it; whether he had not. */
static bool lock_if_needed(void) {
  bool locked = port_vm_locked();
  if (!locked) port_vm_lock();
  return !locked;
}

/* Whether the kernel may have a frame: one in KERNEL_PART of all stays free. */
bool frame_may_borrow(void) {
  return frames_free > frame_total / KERNEL_PART && may_keep_one(FRAMES_MOVING);
}

/* A free frame for the kernel, or NULL. */
struct frame *frame_borrow(void) {
  bool locked = lock_if_needed();
  struct frame *frame = NULL;
  if (frame_may_borrow()) {
    frame = take_free();
    *frame = (struct frame){.lent = true, .kernel = true};
    frames_kernel++;
  }
  if (locked) port_vm_unlock();
  return frame;
}

/* Takes FRAME back from the kernel. */
void frame_return(struct frame *frame) {
  bool locked = lock_if_needed();
  ASSERT(frame->lent && frame->kernel);
  frames_kernel--;
  add_free(frame);
  port_wake(&transit_channel);
  if (locked) port_vm_unlock();
}
