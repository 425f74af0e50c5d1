/* Second chance, by a clock hand over the frames.

        hand ->  [accessed] clear, pass on
                 [accessed] clear, pass on
                 [  not   ] goes

   A frame is passed over once for having been touched since the hand came by. */
#include "vm/policy.h"

static frameno_t frame_total, hand;

/* Starts with FRAMES frames, the hand at the first. */
static bool clock_init(frameno_t frames) {
  frame_total = frames;
  hand = 0;
  return true;
}

/* The clock keeps no record of what a frame holds. */
static void clock_admit(frameno_t frame, page_key_t key, enum policy_why why) {
  (void)frame, (void)key, (void)why;
}

/* Nor of what has left. */
static void clock_remove(frameno_t frame) {
  (void)frame;
}

/* Moves the hand to the next frame and returns the one it stood at. */
static frameno_t advance(void) {
  frameno_t at = hand;
  hand = hand + 1 == frame_total ? 0 : hand + 1;
  return at;
}

/* Two rounds find a frame that was not touched, or one whose bit the first round cleared; if all
   are touched faster than the hand moves, a third takes the first that may go. */
static frameno_t clock_victim(void) {
  for (frameno_t step = 0; step < 3 * frame_total; step++) {
    frameno_t frame = advance();
    if (!policy_may_evict(frame)) continue;
    if (step >= 2 * frame_total || !policy_take_accessed(frame)) return frame;
  }
  return FRAME_NONE;
}

const struct policy policy_clock = {
    "clock",      "Second chance: a hand passes once over what was touched.",
    clock_init,   clock_admit,
    clock_remove, clock_victim};
