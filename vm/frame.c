/* The frame table. */
#include "vm/frame.h"
#include "lib/round.h"
#include "vm/event.h"
#include "vm/page.h"
#include "vm/port.h"

_Static_assert(sizeof(void *) != 4 || sizeof(struct frame) == 8, "a frame costs 8 bytes");

struct frame_table frame_table;
/* Free frames, first come first served: frames that were freed together, their pages being
   neighbours, are then lent to neighbours again, and leave together again. */
static struct queue { struct frame *first, **last; } free_frames, zeroed_frames;
/* Where threads wait for frames to come to rest. */
static const char settled_channel;

/* Makes QUEUE empty. */
static void queue_init(struct queue *queue) {
  queue->first = NULL;
  queue->last = &queue->first;
}

/* Puts FRAME, free, at the end of QUEUE. */
static inline void queue_add(struct queue *queue, struct frame *frame) {
  frame->next_free = NULL;
  *queue->last = frame;
  queue->last = &frame->next_free;
}

/* Takes the first frame off QUEUE, which has one. */
static inline struct frame *queue_take(struct queue *queue) {
  struct frame *frame = queue->first;
  ASSERT(frame != NULL);
  queue->first = frame->next_free;
  if (queue->first == NULL) queue->last = &queue->first;
  return frame;
}

/* Puts FRAME at the end of the free ones. */
static void add_free(struct frame *frame) {
  frame->word = 0;
  queue_add(&free_frames, frame);
  frame_table.free++;
}

/* Sets up COUNT free frames and the policy. */
bool frame_init(frameno_t count, const struct policy *policy) {
  struct frame *frames = port_alloc((count + 1) * sizeof *frames);
  if (frames == NULL) return false;
  frame_table = (struct frame_table){.frames = frames, .total = count, .policy = policy};
  queue_init(&free_frames);
  queue_init(&zeroed_frames);
  for (frameno_t i = 0; i < count; i++) add_free(&frames[i]);
  return policy->init(count);
}

/* Whether FRAME's page is RESIDENT and nobody needs it to stay. */
bool frame_is_evictable(const struct frame *frame) {
  return frame->lent && !frame->kernel && !frame->kept && frame->pins == 0 &&
         frame->page->state == PAGE_RESIDENT;
}

/* Sleeps until frame_settled(). */
void frame_wait(void) {
  frame_table.waiters++;
  port_wait(&settled_channel, "a frame");
  frame_table.waiters--;
}

/* Wakes those in frame_wait(). */
void frame_wake(void) {
  port_wake(&settled_channel);
}

/* Takes the first free frame, of which there is one: if there are two kinds, one that is zeroed if WANTS_ZEROES says so.
   Whether it is zeroed stands in it. */
static inline struct frame *take_free(bool wants_zeroes) {
  bool zeroed = frame_table.zeroed > 0 && (wants_zeroes || free_frames.first == NULL);
  struct frame *frame = queue_take(zeroed ? &zeroed_frames : &free_frames);
  frame_table.free--;
  frame_table.zeroed -= zeroed;
  frame->word = zeroed ? FRAME_LENT | FRAME_ZEROED : FRAME_LENT;
  return frame;
}

/* Records that FRAME is lent to its page. */
static EVENT_COLD void note_lent(const struct frame *frame) {
  event_note(LEND, 0, 0, frame_number(frame), event_id(frame->page));
}

/* Lends the first free frame to PAGE. */
inline void frame_lend(struct page *page, bool wants_zeroes) {
  ASSERT(page->frame == NULL);
  struct frame *frame = take_free(wants_zeroes);
  frame->page = page;
  page->frame = frame;
  frame_table.transit++;
  if (event_wanted()) note_lent(frame);
}

/* Zeroes the first free frame that is not zeroed. */
bool frame_zero_ahead(void) {
  ASSERT(port_vm_locked());
  if (free_frames.first == NULL) return false;
  struct frame *frame = queue_take(&free_frames);
  port_zero_page(frame_memory(frame));
  queue_add(&zeroed_frames, frame);
  frame_table.zeroed++;
  return true;
}

/* Takes FRAME back from its page. */
void frame_free(struct frame *frame) {
  ASSERT(port_vm_locked() && frame->lent && !frame->kernel && frame->pins == 0);
  if (frame->admitted) {
    frame_policy()->remove(frame_number(frame));
  } else {
    event_trace(FREE, 0, 0, frame_number(frame), event_id(frame->page));
    frame_table.transit--;
  }
  frame->page->frame = NULL;
  add_free(frame);
  frame_settled();
}

/* Lends the first free frame to the kernel. */
struct frame *frame_lend_kernel(void) {
  struct frame *frame = take_free(false);
  *frame = (struct frame){.lent = true, .kernel = true};
  frame_table.kernel++;
  event_trace(LEND_KERNEL, 0, 0, frame_number(frame));
  return frame;
}

/* Takes FRAME back from the kernel. */
void frame_return(struct frame *frame) {
  ASSERT(port_vm_locked() && frame->lent && frame->kernel);
  frame_table.kernel--;
  event_trace(RETURN_KERNEL, 0, 0, frame_number(frame));
  add_free(frame);
  frame_settled();
}

/* Gives up one pin; those who wait for frames look again when it was the last. */
void frame_unpin(struct frame *frame) {
  ASSERT(frame->pins > 0);
  frame_table.transit--;
  if (--frame->pins <= frame->wired) frame_settled();
}

/* Pins FRAME until it is unwired.  The zero frame does not leave anyway. */
static void wire(struct frame *frame) {
  if (frame_number(frame) == frame_table.total) return;
  ASSERT(frame->pins < UINT16_MAX);
  frame->wired++;
  frame->pins++;
}

/* Undoes wire(). */
static void unwire(struct frame *frame) {
  if (frame_number(frame) == frame_table.total) return;
  ASSERT(frame->wired > 0 && frame->pins >= frame->wired);
  frame->wired--;
  frame->pins--;
  frame_settled();
}

/* Pins FRAME for long. */
bool frame_wire(struct frame *frame) {
  if (frame->wired == FRAME_WIRES) return false;
  if (frame_table.wired >= (frame_table.total - frame_table.kernel) / 2) return false;
  frameno_t least = MIN((frameno_t)FRAMES_MOVING, frame_table.total / 2);
  if (frame_table.kernel + frame_table.wired + least >= frame_table.total) return false;
  frame_table.wired++;
  wire(frame);
  return true;
}

/* Gives up one pin of frame_wire(). */
void frame_unwire(struct frame *frame) {
  frame_table.wired--;
  unwire(frame);
}

/* Moves one pin of frame_wire() from FROM to TO, which nobody has wired. */
void frame_move_wire(struct frame *from, struct frame *to) {
  unwire(from);
  wire(to);
}
