/* Clock-Pro: a clock that looks at the time between two uses of a page, not at the last use alone.

   Pages are hot or cold, and stand in one circle.  A cold page is on trial until the hot hand has gone by.
   If it is used again before that, it is used more often than the hot pages: it becomes hot.  A cold
   page that leaves while it is on trial stays in the circle as a ghost, and its trial goes on.

   hand    looks at              and
   cold    cold pages in frames  untouched: goes; touched: becomes hot if on trial, else is on trial anew
   hot     all                   hot and untouched: becomes cold; cold: its trial is over
   trial   cold ones on trial    its trial is over; this hand moves when there are too many ghosts

   How many frames cold pages should have is learnt: one more when a trial succeeds, one fewer when it
   fails.  (S. Jiang, F. Chen, X. Zhang: CLOCK-Pro, USENIX Annual Technical Conference 2005.) */
#include "lib/debug.h"
#include "lib/round.h"
#include "vm/policy_hash.h"
#include "vm/policy_window.h"

#define NODE_BITS 20
#define NODE_NONE ((1u << NODE_BITS) - 1)
#define COLD_PART 100 /* At the start one frame in so many is for cold pages. */

/* A place in the circle: node F is frame F's, those behind the frames' are ghosts'. */
struct node {
  page_key_t key;
  uint64_t previous : NODE_BITS, next : NODE_BITS;
  uint64_t chain : NODE_BITS; /* Of a ghost: the next with the same hash, or the next unused one. */
  uint64_t listed : 1;        /* It is in the circle. */
  uint64_t hot : 1, trial : 1;
} __attribute__((packed));
_Static_assert(sizeof(struct node) == POLICY_GHOST_BYTES, "a ghost costs what the budget says");

static struct node *nodes;
static struct hash hash;             /* Of the ghosts. */
static uint32_t frame_total, unused; /* The first ghost that is none now, or NODE_NONE. */
static uint32_t hand_cold, hand_hot, hand_trial;
static uint32_t count_hot, count_cold, cold_target;
static frameno_t chosen; /* The last victim, until it has left; or FRAME_NONE. */
static bool was_full;    /* There was a victim. */
static struct window window;

/* Starts with FRAMES frames, and about as many ghosts. */
static bool clockpro_init(frameno_t frames) {
  uint32_t total = 2 * frames - MIN(hash_cost(frames), frames - 1);
  if (total >= NODE_NONE) return false;
  nodes = policy_alloc(total, sizeof *nodes);
  if (nodes == NULL || !hash_init(&hash, frames, NODE_NONE)) return false;
  unused = NODE_NONE;
  for (uint32_t node = total; node-- > frames;) {
    nodes[node].chain = unused;
    unused = node;
  }
  frame_total = frames;
  hand_cold = hand_hot = hand_trial = NODE_NONE;
  count_hot = count_cold = 0;
  cold_target = MAX(frames / COLD_PART, 1u);
  chosen = FRAME_NONE;
  was_full = false;
  window_init(&window);
  return true;
}

/* -- The circle -------------------------------------------------------------------------------- */

/* Puts NODE behind the hot hand, which comes to it last. */
static void list_node(uint32_t node) {
  if (hand_hot == NODE_NONE) {
    nodes[node].previous = nodes[node].next = node;
    hand_cold = hand_hot = hand_trial = node;
  } else {
    uint32_t previous = nodes[hand_hot].previous;
    nodes[node].previous = previous;
    nodes[node].next = hand_hot;
    nodes[previous].next = node;
    nodes[hand_hot].previous = node;
  }
  nodes[node].listed = 1;
}

/* Takes NODE out; hands that stand at it go on. */
static void unlist_node(uint32_t node) {
  uint32_t next = nodes[node].next, previous = nodes[node].previous;
  if (next == node) next = NODE_NONE;
  if (hand_cold == node) hand_cold = next;
  if (hand_hot == node) hand_hot = next;
  if (hand_trial == node) hand_trial = next;
  if (next != NODE_NONE) {
    nodes[next].previous = previous;
    nodes[previous].next = next;
  }
  nodes[node].listed = 0;
}

/* Puts NODE in the place of OLD, hands included. */
static void replace_node(uint32_t old, uint32_t node) {
  uint32_t next = nodes[old].next, previous = nodes[old].previous;
  bool alone = next == old;
  nodes[node].next = alone ? node : next;
  nodes[node].previous = alone ? node : previous;
  nodes[nodes[node].next].previous = node;
  nodes[nodes[node].previous].next = node;
  if (hand_cold == old) hand_cold = node;
  if (hand_hot == old) hand_hot = node;
  if (hand_trial == old) hand_trial = node;
  nodes[old].listed = 0;
  nodes[node].listed = 1;
}

/* -- Ghosts ------------------------------------------------------------------------------------ */

/* Whether NODE is a ghost's. */
static bool is_ghost(uint32_t node) {
  return node >= frame_total;
}

/* The ghost of page KEY, or NODE_NONE. */
static uint32_t find_ghost(page_key_t key) {
  uint32_t node = *hash_chain(&hash, key);
  while (node != NODE_NONE && nodes[node].key != key) node = nodes[node].chain;
  return node;
}

/* Ends ghost NODE. */
static void end_ghost(uint32_t node) {
  uint32_t *head = hash_chain(&hash, nodes[node].key);
  if (*head == node) {
    *head = nodes[node].chain;
  } else {
    uint32_t before = *head;
    while (nodes[before].chain != node) before = nodes[before].chain;
    nodes[before].chain = nodes[node].chain;
  }
  unlist_node(node);
  nodes[node].chain = unused;
  unused = node;
}

/* A ghost takes the place of FRAME, whose page leaves while it is on trial.  There is an unused one. */
static void leave_ghost(frameno_t frame) {
  uint32_t node = unused, *head = hash_chain(&hash, nodes[frame].key);
  unused = nodes[node].chain;
  nodes[node].key = nodes[frame].key;
  nodes[node].hot = 0;
  nodes[node].trial = 1;
  nodes[node].chain = *head;
  *head = node;
  replace_node(frame, node);
}

/* -- Trials and hands -------------------------------------------------------------------------- */

/* A trial succeeded: cold pages get one frame more. */
static void trial_succeeds(void) {
  if (cold_target + 1 < frame_total) cold_target++;
}

/* The trial of NODE, cold, is over without success.  A ghost ends with it. */
static void trial_fails(uint32_t node) {
  if (cold_target > 1) cold_target--;
  nodes[node].trial = 0;
  if (is_ghost(node)) end_ghost(node);
}

/* Moves the trial hand until a ghost has ended.  There is one. */
static void run_trial_hand(void) {
  while (unused == NODE_NONE) {
    uint32_t node = hand_trial;
    hand_trial = nodes[node].next;
    if (!nodes[node].hot && nodes[node].trial) trial_fails(node);
  }
}

/* Moves the hot hand until a hot page that was not touched became cold; trials end on its way.  After two
   rounds the next hot page does.  There is one. */
static void run_hot_hand(void) {
  for (uint32_t step = 0;; step++) {
    uint32_t node = hand_hot;
    hand_hot = nodes[node].next;
    if (nodes[node].hot) {
      if (step < 4 * frame_total && policy_take_accessed(node)) continue;
      nodes[node].hot = nodes[node].trial = 0;
      policy_note(POLICY_DEMOTED, node, nodes[node].key);
      count_hot--;
      count_cold++;
      return;
    }
    if (nodes[node].trial) trial_fails(node);
  }
}

/* Makes hot pages cold as long as there are more than their share. */
static void limit_hot(void) {
  while (count_hot > frame_total - cold_target && count_hot > 0) run_hot_hand();
}

/* FRAME, cold, becomes hot. */
static void make_hot(frameno_t frame) {
  nodes[frame].trial = 0;
  nodes[frame].hot = 1;
  count_cold--;
  count_hot++;
  policy_note(POLICY_PROMOTED, frame, nodes[frame].key);
  limit_hot();
}

/* FRAME, cold, was touched: it becomes hot, or is on trial from now on. */
static void touched_cold(frameno_t frame) {
  unlist_node(frame);
  list_node(frame);
  if (!nodes[frame].trial) {
    nodes[frame].trial = 1;
    return;
  }
  trial_succeeds();
  make_hot(frame);
}

/* -- The policy -------------------------------------------------------------------------------- */

/* A page came into FRAME.  It is hot if its ghost is still there, or as long as memory was never full. */
static void clockpro_admit(frameno_t frame, page_key_t key, enum policy_why why) {
  (void)why;
  uint32_t ghost = find_ghost(key);
  bool starting = !was_full && count_hot < frame_total - cold_target;
  if (ghost != NODE_NONE) {
    policy_note(POLICY_GHOST, frame, key);
    trial_succeeds();
    end_ghost(ghost);
  }
  bool hot = ghost != NODE_NONE || starting;
  nodes[frame] = (struct node){.key = key, .hot = hot, .trial = !hot};
  list_node(frame);
  if (hot)
    count_hot++;
  else
    count_cold++;
  limit_hot();
  window_add(&window, frame);
}

/* The page in FRAME left.  If it was chosen and is on trial, a ghost stays. */
static void clockpro_remove(frameno_t frame) {
  window_remove(&window, frame);
  if (nodes[frame].hot)
    count_hot--;
  else
    count_cold--;
  bool was_chosen = frame == chosen;
  if (was_chosen) chosen = FRAME_NONE;
  if (!was_chosen || nodes[frame].hot || !nodes[frame].trial) {
    unlist_node(frame);
    return;
  }
  if (unused == NODE_NONE) run_trial_hand();
  if (nodes[frame].trial)
    leave_ghost(frame);
  else
    unlist_node(frame);
}

/* The next frame under the cold hand that should go; FRAME_NONE if STEPS are not enough to find one. */
static frameno_t run_cold_hand(uint32_t steps) {
  for (; steps > 0 && hand_cold != NODE_NONE; steps--) {
    uint32_t node = hand_cold;
    hand_cold = nodes[node].next;
    if (is_ghost(node) || nodes[node].hot || !policy_may_evict(node)) continue;
    if (!policy_take_accessed(node)) return node;
    touched_cold(node);
  }
  return FRAME_NONE;
}

/* Any frame that may go, hot or cold, from the cold hand on. */
static frameno_t take_any(void) {
  uint32_t node = hand_cold;
  for (uint32_t step = 2 * frame_total; step > 0 && node != NODE_NONE; step--) {
    if (!is_ghost(node) && policy_may_evict(node)) {
      hand_cold = nodes[node].next;
      return node;
    }
    node = nodes[node].next;
  }
  return FRAME_NONE;
}

/* Three rounds of the cold hand; then whoever may go.  The last victim, if it is still here, could not go:
   it becomes hot, and another becomes cold for it. */
static frameno_t clockpro_victim(void) {
  if (chosen != FRAME_NONE && !nodes[chosen].hot) {
    unlist_node(chosen);
    list_node(chosen);
    make_hot(chosen);
  }
  frameno_t frame = run_cold_hand(6 * frame_total);
  if (frame == FRAME_NONE) frame = take_any();
  chosen = frame;
  was_full = true;
  return frame;
}

const struct policy policy_clockpro = {
    "clockpro",      "Hot and cold pages by the time between two uses; good where programs loop.",
    clockpro_init,   clockpro_admit,
    clockpro_remove, clockpro_victim};
