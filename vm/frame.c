/* The frame table. */
#include "vm/frame.h"
#include "lib/round.h"
#include "vm/page.h"
#include "vm/port.h"

_Static_assert(sizeof(void *) != 4 || sizeof(struct frame) == 8, "a frame costs 8 bytes");

struct frame_table frame_table;
/* Free frames, first come first served: frames that were freed together, their pages being
   neighbours, are then lent to neighbours again, and leave together again. */
static struct frame *free_first, **free_last;
/* Where threads wait for frames to come to rest. */
static const char settled_channel;

/* Puts FRAME at the end of the free ones. */
static void add_free(struct frame *frame) {
  *frame = (struct frame){.next_free = NULL};
  *free_last = frame;
  free_last = &frame->next_free;
  frame_table.free++;
}

/* Sets up COUNT free frames and the policy. */
bool frame_init(frameno_t count, const struct policy *policy) {
  struct frame *frames = port_alloc((count + 1) * sizeof *frames);
  if (frames == NULL) return false;
  frame_table = (struct frame_table){.frames = frames, .total = count, .policy = policy};
  free_first = NULL;
  free_last = &free_first;
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

/* Takes the first free frame, of which there is one. */
static struct frame *take_free(void) {
  struct frame *frame = free_first;
  ASSERT(frame != NULL);
  free_first = frame->next_free;
  if (free_first == NULL) free_last = &free_first;
  frame_table.free--;
  return frame;
}

/* Lends the first free frame to PAGE. */
void frame_lend(struct page *page) {
  ASSERT(page->frame == NULL);
  struct frame *frame = take_free();
  *frame = (struct frame){.page = page, .lent = true};
  page->frame = frame;
  frame_table.transit++;
}

/* Takes FRAME back from its page. */
void frame_free(struct frame *frame) {
  ASSERT(port_vm_locked() && frame->lent && !frame->kernel && frame->pins == 0);
  if (frame->admitted)
    frame_policy()->remove(frame_number(frame));
  else
    frame_table.transit--;
  frame->page->frame = NULL;
  add_free(frame);
  frame_settled();
}

/* Lends the first free frame to the kernel. */
struct frame *frame_lend_kernel(void) {
  struct frame *frame = take_free();
  *frame = (struct frame){.lent = true, .kernel = true};
  frame_table.kernel++;
  return frame;
}

/* Takes FRAME back from the kernel. */
void frame_return(struct frame *frame) {
  ASSERT(port_vm_locked() && frame->lent && frame->kernel);
  frame_table.kernel--;
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
