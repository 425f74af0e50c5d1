/* Generalized clock: a hand over the frames, each with a count from 0 to COUNT_MAX.

   Where the hand finds the accessed bit it adds one to the count; where not, it takes one away, and a
   frame with nothing left goes.  So a page that was used again and again outlives some rounds without
   use, and one that was used once does not. */
#include "lib/round.h"
#include "vm/policy_window.h"

#define COUNT_MAX 3

static frameno_t frame_total, hand;
static uint8_t *counts; /* By frame. */
static struct window window;

/* Starts with FRAMES frames, the hand at the first. */
static bool gclock_init(frameno_t frames) {
  frame_total = frames;
  hand = 0;
  counts = policy_alloc(frames, sizeof *counts);
  window_init(&window);
  return counts != NULL;
}

/* The page in FRAME is new. */
static void gclock_admit(frameno_t frame, page_key_t key, enum policy_why why) {
  (void)key, (void)why;
  counts[frame] = 0;
  window_add(&window, frame);
}

/* The page in FRAME left. */
static void gclock_remove(frameno_t frame) {
  window_remove(&window, frame);
}

/* Passes the hand over FRAME; whether it should go. */
static bool is_spent(frameno_t frame) {
  if (policy_take_accessed(frame)) {
    counts[frame] = MIN(counts[frame] + 1, COUNT_MAX);
    return false;
  }
  if (counts[frame] == 0) return true;
  counts[frame]--;
  return false;
}

/* The first round takes the bits, the next ones the counts; if all are touched faster than the hand moves,
   one more takes the first that may go. */
static frameno_t gclock_victim(void) {
  frameno_t patience = (COUNT_MAX + 2) * frame_total;
  for (frameno_t step = 0; step < patience + frame_total; step++) {
    frameno_t frame = hand;
    hand = hand + 1 == frame_total ? 0 : hand + 1;
    if (policy_may_evict(frame) && (is_spent(frame) || step >= patience)) return frame;
  }
  return FRAME_NONE;
}

const struct policy policy_gclock = {
    "gclock",      "Clock with a count for each frame: what was used again stays for longer.",
    gclock_init,   gclock_admit,
    gclock_remove, gclock_victim};
