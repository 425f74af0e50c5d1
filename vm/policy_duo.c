/* Duo: two ways to choose a victim, and the one whose victims stay away for longer decides.

   - By count: a clock hand over frames with counts, best where programs use some pages more than others.
   - The youngest idle: the newest page that was not used since it left the window of the last arrivals, best
     for loops and long runs, where what was just used is needed last.
   - In small memory there is a third, the last that came: where the window is a large part of memory, what
     stands in it cannot be idle yet, and a loop over a few pages more than there are frames uses all others
     between two arrivals.

   Every victim is an experiment.  A ghost remembers who chose it and when it left; if the page comes back,
   its chooser regrets it, the more the sooner it comes.  An example in 1,000 frames: a page that
   comes back after 50 arrivals costs 64000 / (50 + 250 + 1) = 212, one that comes back after 4,000 costs 15.
   Who has the smaller regret for each trial decides; now and then another does, so that a change is
   noticed. */
#include "lib/round.h"
#include "vm/policy_ghost.h"
#include "vm/policy_list.h"
#include "vm/policy_window.h"

#define COUNT_MAX  3
#define OTHER_TURN 32     /* One victim in so many is chosen by a way that has a greater regret. */
#define FULL       64     /* Regret for a page that comes back, were it at once, in a quarter of: */
#define AT_ONCE    2      /* Arrivals, one of which is its own. */
#define HEAD_START 3      /* Frames that the hand goes over at each arrival while some are free. */
#define GHOST_BIT  0x400u /* Of the hash of a key: pages that have it get ghosts. */
#define SMALL                                                                                      \
  (8 * WINDOW_FRAMES) /* Memory of fewer frames has all ways, and ghosts of all pages. */

enum way { BY_COUNT, YOUNGEST_IDLE, LAST_CAME, WAYS };

/* A note in a ghost: the way, and above it when the page left, as far as there is room. */
#define NOTE_WAY  3u
#define NOTE_TIME 2

struct frame_record {
  page_key_t key;
  uint8_t count : 2;
  uint8_t admitted : 1;
  uint8_t idle : 1;   /* On the idle stack. */
  uint8_t spared : 1; /* Dirty, and passed over once for that. */
  uint8_t way : 2;    /* By which it was chosen to go; WAYS: it was not. */
  uint8_t recent : 1; /* In the window. */
  uint8_t needed : 1; /* It came back at once, where others do not. */
};

static frameno_t frame_total, admitted, hand;
static struct frame_record *records;
static struct frame_link *links;
static struct frame_list idle; /* A stack: its top is the newest. */
static struct window window;
static struct ghosts ghosts;
static uint32_t now;           /* Arrivals so far, those read ahead not counted. */
static uint32_t at_once_until; /* The arrival after the last that came back at once. */
static uint32_t turns, aged;   /* Victims so far, and since the last halving. */
static unsigned ways;          /* That are used, of all. */
static uint32_t ghost_bits;    /* Of the hash of a key: pages that have them get ghosts. */
static uint32_t regrets[WAYS], trials[WAYS];

/* Starts with FRAMES frames. */
static bool duo_init(frameno_t frames) {
  frame_total = frames;
  hand = admitted = now = turns = aged = at_once_until = 0;
  ways = frames < SMALL ? WAYS : LAST_CAME;
  ghost_bits = frames < SMALL ? 0 : GHOST_BIT;
  trials[BY_COUNT] = trials[YOUNGEST_IDLE] = trials[LAST_CAME] = 16;
  regrets[BY_COUNT] = 16 * 32;
  regrets[YOUNGEST_IDLE] = 16 * 40;
  regrets[LAST_CAME] = 16 * 100;
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

/* A page came back of which its ghost has NOTE: who chose it regrets that.  After how many arrivals it came. */
static uint32_t regret(uint32_t note) {
  uint32_t away = (now - (note >> NOTE_TIME)) & (UINT32_MAX >> NOTE_TIME);
  trials[note & NOTE_WAY]++;
  regrets[note & NOTE_WAY] += FULL * frame_total / (away + frame_total / 4 + 1);
  return away;
}

/* FRAME's page came back, of which NOTE was left.  If it did so at once and the page before it did not, it is needed. */
static void note_return(frameno_t frame, uint32_t note) {
  bool at_once = regret(note) <= AT_ONCE;
  records[frame].needed = at_once && now != at_once_until;
  if (at_once) at_once_until = now + 1;
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
  records[frame] = (struct frame_record){.key = key, .admitted = 1, .way = WAYS, .recent = 1};
  admitted++;
  bool has_ghosts = turns > 0;
  if (has_ghosts && ghosts_take(&ghosts, key, &note) && asked_for) note_return(frame, note);
  if (!asked_for || admitted == frame_total) return;
  for (int i = 0; i < HEAD_START; i++) {
    frameno_t passed = advance();
    if (records[passed].admitted) is_spent(passed);
  }
}

/* -- Departures -------------------------------------------------------------------------------- */

/* Remembers the page in FRAME: in large memory every second one, by its key. */
static void leave_ghost(frameno_t frame) {
  const struct frame_record *record = &records[frame];
  uint32_t note, forgotten;
  if ((hash_mix(record->key) & ghost_bits) != ghost_bits) return;
  ghosts_take(&ghosts, record->key, &note);
  note = now << NOTE_TIME | record->way;
  if (ghosts_add(&ghosts, record->key, note, &forgotten)) trials[forgotten & NOTE_WAY]++;
}

/* The page in FRAME left; if it was chosen it is remembered. */
static void duo_remove(frameno_t frame) {
  struct frame_record *record = &records[frame];
  not_idle(frame);
  if (record->recent) window_remove(&window, frame);
  if (record->way != WAYS) leave_ghost(frame);
  record->admitted = 0;
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
    policy_note(POLICY_SPARED, frame, records[frame].key);
  }
  return FRAME_NONE;
}

/* The newest frame in the window that may go, or FRAME_NONE.  A page that all the program does needs is passed
   over: it would take turns with every page of a loop. */
static frameno_t last_came(void) {
  for (unsigned i = 1; i <= WINDOW_FRAMES; i++) {
    frameno_t frame = window.frames[(window.next + WINDOW_FRAMES - i) % WINDOW_FRAMES];
    if (frame != FRAME_NONE && !records[frame].needed && policy_may_evict(frame)) return frame;
  }
  return FRAME_NONE;
}

/* The way whose turn it is. */
static enum way next_way(void) {
  unsigned best = ways - 1;
  for (unsigned way = best; way-- > 0;)
    if ((uint64_t)regrets[way] * trials[best] < (uint64_t)regrets[best] * trials[way]) best = way;
  if (++turns % OTHER_TURN != 0) return best;
  return (best + 1 + turns / OTHER_TURN % (ways - 1)) % ways;
}

/* Once for as many victims as there are frames, what was learnt counts for half. */
static void age(void) {
  if (++aged < frame_total) return;
  aged = 0;
  for (unsigned way = 0; way < ways; way++) {
    if (trials[way] < 8) continue;
    trials[way] /= 2;
    regrets[way] /= 2;
  }
}

/* Chooses by the way whose turn it is; if that finds none, by count. */
static frameno_t duo_victim(void) {
  enum way way = next_way();
  frameno_t frame = FRAME_NONE;
  if (way == YOUNGEST_IDLE) frame = youngest_idle();
  if (way == LAST_CAME) frame = last_came();
  if (frame == FRAME_NONE) {
    way = BY_COUNT;
    frame = by_count();
  }
  if (frame == FRAME_NONE) return FRAME_NONE;
  age();
  not_idle(frame);
  records[frame].way = way;
  policy_note(POLICY_BY_COUNT + way, frame, records[frame].key);
  policy_note(POLICY_HAND, hand, 0);
  return frame;
}

const struct policy policy_duo = {
    "duo",      "A clock with counts or the youngest idle page, whichever did better lately.",
    duo_init,   duo_admit,
    duo_remove, duo_victim};
