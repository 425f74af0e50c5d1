/* Duo: two ways to choose a victim, and the one whose victims stay away for longer decides.

   - By count: a clock hand over frames with counts, best where programs use some pages more than others.
   - The youngest idle: the newest page that was not used since it left the window of the last arrivals, best
     for loops and long runs, where what was just used is needed last.

   Every victim is an experiment.  A ghost remembers who chose it and when it left; if the page comes back,
   its chooser regrets it, the more the sooner it comes.  An example in 1,000 frames: a page that
   comes back after 50 arrivals costs 64000 / (50 + 250 + 1) = 212, one that comes back after 4,000 costs 15.
   Who has the smaller regret for each trial decides; now and then the other does, so that a change is
   noticed. */
#include "lib/round.h"
#include "vm/policy_ghost.h"
#include "vm/policy_list.h"
#include "vm/policy_window.h"

#define COUNT_MAX  3
#define OTHER_TURN 32 /* One victim in so many is chosen by the way that has the greater regret. */
#define FULL       64 /* Regret for a page that comes back, were it at once, in a quarter of: */
#define HEAD_START 3  /* Frames that the hand goes over at each arrival while some are free. */
#define GHOST_BIT  0x400u /* Of the hash of a key: pages that have it get ghosts. */

enum way { BY_COUNT, YOUNGEST_IDLE, WAYS };

struct frame_record {
  page_key_t key;
  uint8_t count : 2;
  uint8_t admitted : 1;
  uint8_t idle : 1;   /* On the idle stack. */
  uint8_t spared : 1; /* Dirty, and passed over once for that. */
  uint8_t way : 1;    /* Of the last victim. */
  uint8_t recent : 1; /* In the window. */
};

static frameno_t frame_total, admitted, hand, chosen;
static struct frame_record *records;
static struct frame_link *links;
static struct frame_list idle; /* A stack: its top is the newest. */
static struct window window;
static struct ghosts ghosts;
static uint32_t now;         /* Arrivals so far, those read ahead not counted. */
static uint32_t turns, aged; /* Victims so far, and since the last halving. */
static uint32_t regrets[WAYS], trials[WAYS];

/* Starts with FRAMES frames. */
static bool duo_init(frameno_t frames) {
  frame_total = frames;
  hand = admitted = now = turns = aged = 0;
  chosen = FRAME_NONE;
  trials[BY_COUNT] = trials[YOUNGEST_IDLE] = 16;
  regrets[BY_COUNT] = 16 * 32;
  regrets[YOUNGEST_IDLE] = 16 * 40;
  records = policy_alloc(frames, sizeof *records);
  links = policy_alloc(frames, sizeof *links);
  frame_list_init(&idle);
  window_init(&window);
  return records != NULL && links != NULL && ghosts_init(&ghosts, frames);
}

/* Takes FRAME off the idle stack, if it is there. */
static void not_idle(frameno_t frame) {
  if (!records[frame].idle) return;
  records[frame].idle = 0;
  frame_list_remove(&idle, links, frame);
}

/* Whether FRAME was used again since somebody looked; then it counts for more and is not idle. */
static bool was_reused(frameno_t frame) {
  struct frame_record *record = &records[frame];
  if (!policy_take_accessed(frame)) return false;
  if (record->count < COUNT_MAX) record->count++;
  not_idle(frame);
  return true;
}

/* The frame under the hand, which moves on. */
static frameno_t advance(void) {
  frameno_t frame = hand;
  hand = hand + 1 == frame_total ? 0 : hand + 1;
  return frame;
}

/* The hand passes over FRAME, admitted; whether it should go by count. */
static bool is_spent(frameno_t frame) {
  if (was_reused(frame)) return false;
  if (records[frame].count == 0) return true;
  records[frame].count--;
  return false;
}

/* -- Arrivals ---------------------------------------------------------------------------------- */

/* A page came back that WAY had chosen, which left at GONE. */
static void regret(enum way way, uint32_t gone) {
  trials[way]++;
  regrets[way] += FULL * frame_total / (now - gone + frame_total / 4 + 1);
}

/* FRAME has left the window unless it is FRAME_NONE: from now on it is idle until it is used. */
static void becomes_idle(frameno_t frame) {
  if (frame == FRAME_NONE || records[frame].idle) return;
  records[frame].recent = 0;
  records[frame].idle = 1;
  frame_list_push(&idle, links, frame);
}

/* A page came into FRAME.  While memory fills, the hand moves to learn what is used. */
static void duo_admit(frameno_t frame, page_key_t key, enum policy_why why) {
  bool asked_for = why != CAME_READAHEAD;
  uint32_t note;
  if (asked_for) now++;
  becomes_idle(window_add(&window, frame));
  records[frame] = (struct frame_record){.key = key, .admitted = 1, .recent = 1};
  admitted++;
  bool has_ghosts = turns > 0;
  if (has_ghosts && ghosts_take(&ghosts, key, &note) && asked_for) regret(note & 1, note >> 1);
  if (!asked_for || admitted == frame_total) return;
  for (int i = 0; i < HEAD_START; i++) {
    frameno_t passed = advance();
    if (records[passed].admitted) is_spent(passed);
  }
}

/* -- Departures -------------------------------------------------------------------------------- */

/* Remembers the page in FRAME, that WAY chose: every second page, by its key. */
static void leave_ghost(frameno_t frame) {
  const struct frame_record *record = &records[frame];
  uint32_t note, forgotten;
  if ((hash_mix(record->key) & GHOST_BIT) == 0) return;
  ghosts_take(&ghosts, record->key, &note);
  if (ghosts_add(&ghosts, record->key, now << 1 | record->way, &forgotten)) trials[forgotten & 1]++;
}

/* The page in FRAME left; if it was chosen it is remembered. */
static void duo_remove(frameno_t frame) {
  not_idle(frame);
  if (records[frame].recent) window_remove(&window, frame);
  if (frame == chosen) leave_ghost(frame);
  if (frame == chosen) chosen = FRAME_NONE;
  records[frame].admitted = 0;
  admitted--;
}

/* The newest idle frame that may go and was not used after all, or FRAME_NONE. */
static frameno_t youngest_idle(void) {
  frameno_t frame = advance();
  if (records[frame].admitted) is_spent(frame);
  for (frame = idle.newest; frame != FRAME_NONE;) {
    frameno_t older = links[frame].older;
    if (policy_may_evict(frame) && !was_reused(frame)) return frame;
    frame = older;
  }
  return FRAME_NONE;
}

/* The next frame under the hand that is spent, and clean or spared already.  If all are touched faster than
   the hand moves, the first that may go. */
static frameno_t by_count(void) {
  frameno_t patience = (COUNT_MAX + 3) * frame_total;
  for (frameno_t step = 0; step < patience + frame_total; step++) {
    frameno_t frame = advance();
    if (!records[frame].admitted || !policy_may_evict(frame)) continue;
    if (step >= patience) return frame;
    if (!is_spent(frame)) continue;
    if (records[frame].spared || !policy_is_dirty(frame)) return frame;
    records[frame].spared = 1;
  }
  return FRAME_NONE;
}

/* The way whose turn it is. */
static enum way next_way(void) {
  bool idle_is_better = (uint64_t)regrets[YOUNGEST_IDLE] * trials[BY_COUNT] <=
                        (uint64_t)regrets[BY_COUNT] * trials[YOUNGEST_IDLE];
  bool other = ++turns % OTHER_TURN == 0;
  return idle_is_better != other ? YOUNGEST_IDLE : BY_COUNT;
}

/* Once for as many victims as there are frames, what was learnt counts for half. */
static void age(void) {
  if (++aged < frame_total) return;
  aged = 0;
  for (int way = 0; way < WAYS; way++) {
    if (trials[way] < 8) continue;
    trials[way] /= 2;
    regrets[way] /= 2;
  }
}

/* Chooses by the way whose turn it is; if there is no idle page, by count. */
static frameno_t duo_victim(void) {
  enum way way = next_way();
  frameno_t frame = way == YOUNGEST_IDLE ? youngest_idle() : FRAME_NONE;
  if (frame == FRAME_NONE) {
    way = BY_COUNT;
    frame = by_count();
  }
  if (frame == FRAME_NONE) return FRAME_NONE;
  age();
  not_idle(frame);
  records[frame].way = way;
  chosen = frame;
  return frame;
}

const struct policy policy_duo = {
    "duo",      "A clock with counts or the youngest idle page, whichever did better lately.",
    duo_init,   duo_admit,
    duo_remove, duo_victim};
