/* Two queues: new pages wait in a small one, and those that are used again there get into the main one,
   which is a clock.

      new ──> small: young half ──> old half ──┬── touched ──────> main ──> goes, if not touched
                    (accessed bit cleared)     └── not: goes, and a ghost remembers it
      new, with a ghost ────────────────────────────────────────> main

   So a run through many pages, each used once, passes through the small queue and disturbs nothing.  The
   accessed bit is cleared in the middle of the small queue: only what is used after that counts. */
#include "lib/round.h"
#include "vm/policy_ghost.h"
#include "vm/policy_list.h"

#define SMALL_PART 10 /* One frame in so many is for the small queue. */
#define GHOST_PART 2  /* Of ghosts there is one for so many frames. */

enum queue { OUTSIDE, YOUNG, OLD, MAIN, QUEUES };

static frameno_t small_size, frame_total;
static struct frame_link *links;
static page_key_t *keys;
static uint8_t *places; /* enum queue, by frame. */
static struct frame_list queues[QUEUES];
static struct ghosts ghosts;
static frameno_t chosen; /* The last victim, until it has left; or FRAME_NONE. */

/* Starts with FRAMES frames. */
static bool clock2q_init(frameno_t frames) {
  frame_total = frames;
  small_size = MAX(frames / SMALL_PART, 1u);
  chosen = FRAME_NONE;
  links = policy_alloc(frames, sizeof *links);
  keys = policy_alloc(frames, sizeof *keys);
  places = policy_alloc(frames, sizeof *places);
  for (unsigned i = 0; i < QUEUES; i++) frame_list_init(&queues[i]);
  return links != NULL && keys != NULL && places != NULL &&
         ghosts_init(&ghosts, MAX(frames / GHOST_PART, 1u));
}

/* Makes FRAME, in no queue, the newest of queue TO. */
static void enqueue(frameno_t frame, enum queue to) {
  places[frame] = to;
  frame_list_push(&queues[to], links, frame);
}

/* Takes FRAME out of its queue. */
static void dequeue(frameno_t frame) {
  frame_list_remove(&queues[places[frame]], links, frame);
  places[frame] = OUTSIDE;
}

/* Moves FRAME to be the newest of queue TO. */
static void move(frameno_t frame, enum queue to) {
  dequeue(frame);
  enqueue(frame, to);
}

/* A page came into FRAME.  One that left lately for the small queue's sake goes to the main one. */
static void clock2q_admit(frameno_t frame, page_key_t key, enum policy_why why) {
  uint32_t note;
  (void)why;
  keys[frame] = key;
  enqueue(frame, ghosts_take(&ghosts, key, &note) ? MAIN : YOUNG);
  if (queues[YOUNG].count > MAX(small_size / 2, 1u)) {
    frameno_t aged = queues[YOUNG].oldest;
    policy_take_accessed(aged);
    move(aged, OLD);
  }
}

/* The page in FRAME left.  If it was chosen from the small queue it is remembered. */
static void clock2q_remove(frameno_t frame) {
  uint32_t forgotten, note;
  bool was_main = places[frame] == MAIN;
  dequeue(frame);
  if (frame != chosen) return;
  chosen = FRAME_NONE;
  if (was_main) return;
  ghosts_take(&ghosts, keys[frame], &note);
  ghosts_add(&ghosts, keys[frame], 0, &forgotten);
}

/* The oldest of the small queue, which is not empty. */
static frameno_t small_oldest(void) {
  return queues[OLD].count > 0 ? queues[OLD].oldest : queues[YOUNG].oldest;
}

/* Looks at the oldest of the small queue: it, if it is to go; otherwise it moves to where it belongs, and
   the answer is FRAME_NONE. */
static frameno_t try_small(void) {
  frameno_t frame = small_oldest();
  if (!policy_may_evict(frame)) {
    move(frame, MAIN);
    return FRAME_NONE;
  }
  if (!policy_take_accessed(frame)) return frame;
  move(frame, MAIN);
  return FRAME_NONE;
}

/* Tries the oldest of the main queue: a victim, or FRAME_NONE.  What was touched becomes its newest, and with FORCE it goes
   nevertheless. */
static frameno_t try_main(bool force) {
  frameno_t frame = queues[MAIN].oldest;
  bool may = policy_may_evict(frame);
  bool touched = may && policy_take_accessed(frame);
  move(frame, MAIN);
  return may && (force || !touched) ? frame : FRAME_NONE;
}

/* The small queue gives as long as it has its share; then the main one does.  The last victim, if it is
   still here, could not go: it makes room for others to be chosen. */
static frameno_t next_victim(void) {
  if (chosen != FRAME_NONE) move(chosen, MAIN);
  chosen = FRAME_NONE;
  for (frameno_t step = 0; step < 4 * frame_total; step++) {
    frameno_t small = queues[YOUNG].count + queues[OLD].count, frame;
    if (small + queues[MAIN].count == 0) break;
    if (small > 0 && (small >= small_size || queues[MAIN].count == 0))
      frame = try_small();
    else
      frame = try_main(step >= 3 * frame_total);
    if (frame != FRAME_NONE) return frame;
  }
  return FRAME_NONE;
}

/* If the queue whose turn it is has none that may go, any other goes. */
static frameno_t clock2q_victim(void) {
  frameno_t frame = next_victim();
  for (frameno_t any = 0; frame == FRAME_NONE && any < frame_total; any++)
    if (policy_may_evict(any)) frame = any;
  chosen = frame;
  return frame;
}

const struct policy policy_clock2q = {
    "clock2q",      "New pages prove themselves in a small queue; the others are a clock.",
    clock2q_init,   clock2q_admit,
    clock2q_remove, clock2q_victim};
