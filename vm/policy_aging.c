/* Aging: each frame has eight bits of history, and the one with the least goes.

   From time to time the accessed bit of every frame is shifted into its history from the left, so what
   was used lately weighs more than all that came before.  An example with four samples of one frame,
   touched, touched, not touched, touched: 1000'0000, 1100'0000, 0110'0000, 1011'0000. */
#include "lib/round.h"
#include "vm/policy.h"

#define SAMPLES                                                                                    \
  16 /* All frames are sampled so often while as many pages come as there are frames. */
#define NEW      0x80u /* The history of a page that came: it was touched just now. */
#define MOST     0xffu
#define NOT_HERE 0x100u

static frameno_t frame_total, hand, arrivals;
static uint16_t *histories; /* By frame; NOT_HERE: not admitted. */

/* Starts with FRAMES frames. */
static bool aging_init(frameno_t frames) {
  frame_total = frames;
  hand = arrivals = 0;
  histories = policy_alloc(frames, sizeof *histories);
  if (histories == NULL) return false;
  for (frameno_t frame = 0; frame < frames; frame++) histories[frame] = NOT_HERE;
  return true;
}

/* Shifts the accessed bits into all histories. */
static void sample(void) {
  for (frameno_t frame = 0; frame < frame_total; frame++)
    if (histories[frame] != NOT_HERE)
      histories[frame] = histories[frame] >> 1 | (policy_take_accessed(frame) ? NEW : 0);
}

/* A page came into FRAME: time goes on by one. */
static void aging_admit(frameno_t frame, page_key_t key, enum policy_why why) {
  (void)key, (void)why;
  if (++arrivals >= MAX(frame_total / SAMPLES, 1u)) {
    arrivals = 0;
    sample();
  }
  histories[frame] = NEW;
}

/* The page in FRAME left. */
static void aging_remove(frameno_t frame) {
  histories[frame] = NOT_HERE;
}

/* The frame with the least history; of several the first that a hand comes to, which goes round so that
   each gets its turn.  If it cannot go after all, others are next: it counts as used all the time. */
static frameno_t aging_victim(void) {
  frameno_t best = FRAME_NONE;
  for (frameno_t step = 0, frame = hand; step < frame_total; step++) {
    if (histories[frame] < (best == FRAME_NONE ? NOT_HERE : histories[best]) &&
        policy_may_evict(frame))
      best = frame;
    frame = frame + 1 == frame_total ? 0 : frame + 1;
  }
  if (best == FRAME_NONE) return FRAME_NONE;
  histories[best] = MOST;
  hand = best + 1 == frame_total ? 0 : best + 1;
  return best;
}

const struct policy policy_aging = {
    "aging",      "Eight bits of history for each frame; the least used lately goes.",
    aging_init,   aging_admit,
    aging_remove, aging_victim};
