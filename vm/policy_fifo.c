/* First in, first out: the page that came first goes first, however much it is used.

   It is here for comparison: with more frames it can have more faults (Belady's anomaly). */
#include "vm/policy_list.h"

static struct frame_link *links;
static struct frame_list queue;

/* Starts with FRAMES frames. */
static bool fifo_init(frameno_t frames) {
  links = policy_alloc(frames, sizeof *links);
  frame_list_init(&queue);
  return links != NULL;
}

/* The page in FRAME is the newest. */
static void fifo_admit(frameno_t frame, page_key_t key, enum policy_why why) {
  (void)key, (void)why;
  frame_list_push(&queue, links, frame);
}

/* FRAME leaves the queue. */
static void fifo_remove(frameno_t frame) {
  frame_list_remove(&queue, links, frame);
}

/* The oldest that may go.  It counts as new from then on: if it cannot go after all, another is next. */
static frameno_t fifo_victim(void) {
  frameno_t frame = queue.oldest;
  while (frame != FRAME_NONE && !policy_may_evict(frame)) frame = links[frame].newer;
  if (frame == FRAME_NONE) return FRAME_NONE;
  frame_list_remove(&queue, links, frame);
  frame_list_push(&queue, links, frame);
  return frame;
}

const struct policy policy_fifo = {"fifo",      "First in, first out, whatever is used.",
                                   fifo_init,   fifo_admit,
                                   fifo_remove, fifo_victim};
