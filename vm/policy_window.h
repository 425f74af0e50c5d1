/* The window: the last frames that pages came into.

   The access that faults is repeated, so every page has its accessed bit set before anybody looks at
   it: a page that was used once looks like one that was used again.  The bit of a page is therefore
   cleared when WINDOW_FRAMES more have come.  If it is set later, the page was used again.

   This helps policies that decide by that bit.  It ruins those whose hand stays among the newest
   pages, which then look as if nobody used them. */
#ifndef VM_POLICY_WINDOW_H
#define VM_POLICY_WINDOW_H

#include "vm/policy.h"

#define WINDOW_FRAMES 8u

struct window {
  frameno_t frames[WINDOW_FRAMES]; /* A ring; FRAME_NONE where a page has left already. */
  unsigned next;                   /* Where the next one goes, and the oldest stands. */
};

/* Makes WINDOW empty. */
static inline void window_init(struct window *window) {
  for (unsigned i = 0; i < WINDOW_FRAMES; i++) window->frames[i] = FRAME_NONE;
  window->next = 0;
}

/* Adds FRAME.  The frame that leaves the window for it, its accessed bit cleared; FRAME_NONE if none
   does. */
static inline frameno_t window_add(struct window *window, frameno_t frame) {
  frameno_t leaves = window->frames[window->next];
  window->frames[window->next] = frame;
  window->next = (window->next + 1) % WINDOW_FRAMES;
  if (leaves != FRAME_NONE) policy_take_accessed(leaves);
  return leaves;
}

/* Forgets FRAME, whose page has left. */
static inline void window_remove(struct window *window, frameno_t frame) {
  for (unsigned i = 0; i < WINDOW_FRAMES; i++)
    if (window->frames[i] == frame) window->frames[i] = FRAME_NONE;
}

#endif
