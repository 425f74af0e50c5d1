/* Load control. */
#include "proc/load.h"
#include "arch/i386/intr.h"
#include "dev/timer.h"
#include "kern/print.h"
#include "lib/round.h"
#include "proc/contend.h"
#include "proc/suspend.h"
#include "proc/tree.h"
#include "vm/frame.h"
#include "vm/stats.h"

/* So many ticks are looked at together.  Faults take too much time if more than one in EATEN_PART is theirs, and hardly any if
   no more than one in CALM_PART is. */
#define WINDOW_TICKS 10
#define EATEN_PART   4
#define CALM_PART    10
/* There is no want of frames if more than this part of them is free. */
#define FREE_PART 16
/* Of those who thrash this part goes on at first; more do when these have what they need. */
#define LEFT_PART 4
/* Windows after one in which some were asked to suspend themselves: in these they come to where they can, or not. */
#define ASKED_WINDOWS 2
/* A turn: so many ticks after it is back whose turn it is, and that faults did not take, but no more than TURN_TICKS_MAX.  Then the first who is suspended goes
   on, at the latest LATE_TICKS later. */
#define TURN_TICKS     50
#define TURN_TICKS_MAX 200
#define LATE_TICKS     20
/* Nobody has run for so many ticks: then one may who is suspended. */
#define IDLE_TICKS 2
/* Turns without contention after which one more may run. */
#define PATIENCE_MIN 2
#define PATIENCE_MAX 32
/* Who has read from the console is not suspended for so long. */
#define TALK_TICKS TIMER_HZ

/* What the ticks tell.  Interrupts off. */
static struct {
  uint32_t ticks;        /* Of this window; */
  uint32_t moved, eaten; /* those at which pages moved, and at which nothing else was done. */
  uint32_t windows;      /* Counted. */
  uint32_t asked_at;     /* The window in which some were asked the last time. */
  uint32_t idle;         /* Ticks since somebody ran or waited for a page. */
  uint32_t turn, useful; /* Ticks since one went on; those that faults did not take. */
  bool is_asked;         /* Somebody was asked to make room for the next turn. */
  /* What somebody has to look at. */
  bool thrashes;     /* In the last window faults took too much. */
  bool turn_is_half; /* From here on who faults contends. */
  bool turn_is_over; /* The next one's is due. */
} state;

/* What the looks have found.  Process table lock. */
static uint32_t looked_at;  /* The window in which somebody looked the last time. */
static uint32_t calm_turns; /* Since the last contention, or since one more was let run. */
static uint32_t patience = PATIENCE_MIN; /* So many must be, before one more is. */
static bool tries;                       /* One more was, and the turn is not over. */
static unsigned contender_count;         /* Who thrash. */

/* The first who is suspended, if there is one, goes on, and its turn begins.  Interrupts are off. */
static void begin_turn(void) {
  state.turn = state.useful = state.idle = 0;
  state.is_asked = state.turn_is_half = state.turn_is_over = false;
  suspend_end_first();
}

/* Whether there are frames free for the first who is suspended, which those who run do not ask for.  Interrupts are off. */
static bool has_room_for_first(void) {
  return state.moved * CALM_PART <= WINDOW_TICKS && suspend_stats.now > 0 &&
         suspend_stats.returning == 0 &&
         frame_free_count() >= suspend_first_pages() + FRAMES_MOVING;
}

/* Whether there are hardly any frames free: who comes back to an empty memory faults as well, and takes them from nobody. */
static bool frames_are_short(void) {
  return frame_free_count() * FREE_PART <= frame_count();
}

/* Counts a tick of the window, at which pages MOVED or not, and nothing else was done or not: it was EATEN.  Interrupts are
   off. */
static void count_window(bool moved, bool eaten) {
  state.moved += moved;
  state.eaten += eaten;
  if (++state.ticks < WINDOW_TICKS) return;
  bool is_settled = suspend_stats.leaving == 0 && state.windows - state.asked_at > ASKED_WINDOWS;
  state.thrashes = is_settled && frames_are_short() && state.eaten * EATEN_PART > WINDOW_TICKS;
  if (is_settled && has_room_for_first()) begin_turn();
  state.ticks = state.moved = state.eaten = 0;
  state.windows++;
}

/* Counts a tick of the turn, EATEN or not, while some are suspended.  Interrupts are off. */
static void count_turn(bool eaten) {
  state.turn++;
  state.useful += !eaten && suspend_stats.returning == 0;
  if (state.useful == TURN_TICKS / 2 && !eaten) state.turn_is_half = true;
  state.turn_is_over = state.useful >= TURN_TICKS || state.turn >= TURN_TICKS_MAX;
  bool is_late =
      state.useful >= TURN_TICKS + LATE_TICKS || state.turn >= TURN_TICKS_MAX + LATE_TICKS;
  if (is_late || state.idle >= IDLE_TICKS) begin_turn();
}

/* Has the process of THREAD, if it is one's, look at the load as soon as it can. */
static void ask_to_look(struct thread *thread, void *unused) {
  struct process *process = thread->process;
  (void)unused;
  if (process != NULL) process->looks = true;
}

/* A tick, interrupts off.  If there is something to decide, the first who comes to where he can looks at it: the tick may have met
   nobody, as all wait for pages. */
static void tick(bool in_program) {
  bool moves = frame_transit_count() > 0;
  bool eaten = moves && !in_program;
  state.idle = process_current() == NULL && !moves ? state.idle + 1 : 0;
  suspend_stats.ticks += suspend_stats.now;
  count_window(moves, eaten);
  if (suspend_stats.now > 0) count_turn(eaten);
  if (state.thrashes || state.turn_is_half || (state.turn_is_over && !state.is_asked))
    thread_for_each(ask_to_look, NULL);
}

/* Ticks are looked at from now on. */
void load_start(void) {
  suspend_init();
  timer_set_hook(tick);
}

/* Frames have become free: the next one may go on. */
void load_note_end(void) {
  bool were_on = intr_disable();
  if (suspend_stats.now > 0) begin_turn();
  intr_restore(were_on);
}

/* Others who do not talk are suspended instead. */
void load_note_input(void) {
  process_current()->load.stays_until = (uint32_t)timer_ticks() + TALK_TICKS;
}

/* Several contend.  If that came of letting one more run, it takes twice as many turns before that is tried again.
   Process table lock. */
static void note_contention(void) {
  if (tries && patience < PATIENCE_MAX) patience *= 2;
  tries = false;
  calm_turns = 0;
}

/* A turn is over in which nobody contended.  Whether one more may run, as it was so for some turns.  Process table lock. */
static bool may_run_more(void) {
  if (tries) patience = PATIENCE_MIN;
  tries = ++calm_turns >= patience;
  if (tries) calm_turns = 0;
  return tries;
}

/* The machine thrashes: how many are to be suspended.  The faults of the last window say who thrashes, if those before it were
   counted.  Process table lock. */
static unsigned end_thrashing(void) {
  bool is_recent = state.windows - looked_at <= 2;
  looked_at = state.windows;
  contender_count = contend_count(is_recent);
  if (!is_recent || contender_count < 2) return 0;
  note_contention();
  unsigned left = DIV_ROUND_UP(contender_count, LEFT_PART);
  return contend_suspend(contender_count - left, true, state.windows);
}

/* A turn is over: how many are to be suspended.  If several took frames from each other since half of it, it is one more.
   Process table lock. */
static unsigned end_turn(void) {
  bool contend = contend_count(true) > 1, are_too_many = contend && frames_are_short();
  if (are_too_many) note_contention();
  if (!contend && may_run_more()) return 0;
  return contend_suspend(are_too_many ? 2 : 1, false, state.windows);
}

/* Looks at the load.  May sleep. */
static void look(void) {
  bool were_on = intr_disable();
  bool thrashes = state.thrashes, is_half = state.turn_is_half;
  bool is_over = state.turn_is_over && !state.is_asked;
  state.thrashes = state.turn_is_half = false;
  intr_restore(were_on);
  if (!thrashes && !is_half && !is_over) return;
  process_table_lock();
  unsigned asked = 0;
  if (thrashes)
    asked = end_thrashing();
  else if (is_over)
    asked = end_turn();
  else if (is_half)
    contend_count(false);
  intr_disable();
  if (asked > 0) state.asked_at = state.windows;
  if (is_over && !thrashes) state.is_asked = true;
  if (is_over && !thrashes && asked == 0 && suspend_stats.now > 0) begin_turn();
  intr_restore(were_on);
  process_table_unlock();
}

/* The running process is suspended: whoever waits for its turn has it, and what faults take is looked at anew.  Interrupts
   are off. */
static void after_suspending(void) {
  state.ticks = state.moved = state.eaten = 0;
  state.thrashes = false;
  if (state.is_asked) begin_turn();
}

/* With -explain: says why processes are going to be suspended, if none is yet. */
static void explain(void) {
  if (!vm_options.explain || suspend_stats.now + suspend_stats.leaving > 0) return;
  kprintf("%s: suspended for a while, and others by turns: what %u processes need does not fit "
          "into %u frames\n",
          process_current()->name, contender_count, (unsigned)frame_count());
}

/* Does what the marks say. */
void load_heed(void) {
  struct process *self = process_current();
  if (self->looks) {
    self->looks = false;
    look();
  }
  if (!self->suspends) return;
  self->suspends = false;
  if (state.windows - self->load.asked_at > ASKED_WINDOWS) return;
  explain();
  suspend_self(self->load.at_thrashing, after_suspending);
  contend_begin(self);
}
