/* Turns. */
#include "vm/turn.h"
#include "vm/addrspace.h"
#include "vm/error.h"
#include "vm/frame.h"
#include "vm/page.h"
#include "vm/port.h"
#include "vm/spte.h"
#include "vm/stats.h"

/* Faults after which the turn is the next one's. */
#define TURN_FAULTS 64
/* For so many naps the holder of the turn may make no fault. */
#define QUIET_NAPS 2
#define NAP_MS     10

/* A page that stays. */
struct kept {
  vpn_t vpn;
  frameno_t frame; /* FRAME_NONE: no page. */
};

bool turn_is_watched;
static struct addrspace *holder;     /* Who has the turn; NULL: nobody. */
static const struct addrspace *last; /* Who faulted last, only to be compared: it may have ended. */
static struct list waiting;
static struct kept kept[TURN_PAGES]; /* The last is the oldest. */
static unsigned faults;              /* That the holder has made. */
static uint32_t events;  /* Beginnings and ends of its faults, and changes of the turn. */
static bool is_in_fault; /* The holder. */
static bool wants_frame; /* The holder. */

/* Makes the turn nobody's. */
void turn_init(void) {
  turn_is_watched = false;
  holder = NULL;
  last = NULL;
  list_init(&waiting);
  for (unsigned i = 0; i < TURN_PAGES; i++) kept[i].frame = FRAME_NONE;
}

/* From now on faults are looked at. */
void turn_watch(void) {
  turn_is_watched = vm_faults_watched = true;
}

/* Whether the running thread is in a fault of the holder. */
static bool is_mine(void) {
  return holder != NULL && port_lock_is_mine(&holder->lock);
}

/* Gives AS, in a fault, the turn. */
static void give(struct addrspace *as) {
  holder = as;
  as->turn.waits = false;
  is_in_fault = true;
  wants_frame = false;
  faults = 0;
  events++;
}

/* Whether no place before AT keeps the same frame. */
static bool is_first(unsigned at) {
  for (unsigned i = 0; i < at; i++)
    if (kept[i].frame == kept[at].frame) return false;
  return true;
}

/* The page in place AT of those kept may leave: its place is empty. */
static void release(unsigned at) {
  frameno_t frame = kept[at].frame;
  kept[at].frame = FRAME_NONE;
  if (frame == FRAME_NONE) return;
  for (unsigned i = 0; i < TURN_PAGES; i++)
    if (kept[i].frame == frame) return;
  frame_at(frame)->kept = 0;
  frame_settled();
}

/* Keeps FRAME, of page VPN, as the newest; in the place of what was kept for that page, or of the
   oldest. */
static void keep(vpn_t vpn, struct frame *frame) {
  unsigned at = 0;
  while (at < TURN_PAGES - 1 && (kept[at].frame == FRAME_NONE || kept[at].vpn != vpn)) at++;
  release(at);
  for (; at > 0; at--) kept[at] = kept[at - 1];
  if (frame_number(frame) == frame_count()) {
    kept[0].frame = FRAME_NONE;
    return;
  }
  kept[0] = (struct kept){vpn, frame_number(frame)};
  frame->kept = 1;
}

/* The turn is the next one's. */
static void pass_on(void) {
  for (unsigned i = 0; i < TURN_PAGES; i++) release(i);
  holder = NULL;
  wants_frame = is_in_fault = false;
  events++;
  struct list_node *next = list_pop_front(&waiting);
  if (next != NULL) give(list_entry(next, struct addrspace, turn.node));
}

/* AS faults.  If that is at another instruction than its last fault, that one has completed; and if nobody else has faulted
   meanwhile, nobody takes from AS what it needs: what it faulted on is of no matter any more, nor is the turn. */
static void note_progress(struct addrspace *as) {
  uint32_t progress = port_progress();
  bool is_alone = last == as && list_is_empty(&waiting), got_on = as->turn.progress != progress;
  last = as;
  as->turn.progress = progress;
  if (!is_alone || !got_on) return;
  as->turn = (struct turn_record){.progress = progress};
  if (as == holder) pass_on();
}

/* Whether AS faulted on page VPN lately. */
static bool faulted_lately(const struct turn_record *turn, vpn_t vpn) {
  for (unsigned i = 0; i < TURN_MEMORY; i++)
    if (turn->faulted[i] == (uint16_t)vpn) return true;
  return false;
}

/* AS, which was robbed, waits until it has the turn. */
static int seek(struct addrspace *as) {
  if (holder == NULL) {
    give(as);
    return VM_OK;
  }
  as->turn.waits = true;
  list_push_back(&waiting, &as->turn.node);
  while (as->turn.waits) turn_outwait();
  return VM_RETRY;
}

/* AS goes on if it has the turn. */
int turn_take(struct addrspace *as) {
  ASSERT(port_vm_locked() && port_lock_is_mine(&as->lock));
  if (as != holder) return seek(as);
  is_in_fault = true;
  events++;
  return VM_OK;
}

/* If AS has the turn it keeps it, and others get frames again. */
void turn_done(struct addrspace *as) {
  if (as != holder) return;
  is_in_fault = wants_frame = false;
  faults++;
  events++;
}

/* A page that is mapped no more though AS faulted on it lately was taken from it before it got on. */
int turn_fault(struct addrspace *as, const struct spte *spte, unsigned tries) {
  note_progress(as);
  if (as == holder && !is_in_fault && faults >= TURN_FAULTS && !list_is_empty(&waiting)) pass_on();
  if (as == holder) return turn_take(as);
  bool robbed = !spte_is_mapped(spte) && faulted_lately(&as->turn, spte->vpn);
  return robbed || tries >= TURN_TRIES ? turn_take(as) : VM_OK;
}

/* Notes the page, and keeps it if AS has the turn. */
void turn_fault_done(struct addrspace *as, const struct spte *spte) {
  struct turn_record *turn = &as->turn;
  if (!faulted_lately(turn, spte->vpn)) {
    turn->faulted[turn->next] = (uint16_t)spte->vpn;
    turn->next = (turn->next + 1) % TURN_MEMORY;
  }
  if (as != holder) return;
  keep(spte->vpn, spte->page->frame);
  turn_done(as);
}

/* Passes the turn on if AS has it. */
void turn_give_up(struct addrspace *as) {
  if (as == holder) pass_on();
}

/* Whether the caller must stand back. */
bool turn_comes_first(void) {
  return wants_frame && !is_mine();
}

/* NULL: nobody. */
const struct addrspace *turn_holder(void) {
  return holder;
}

/* Frames that have left meanwhile, as their pages died, count no more. */
unsigned turn_kept_count(void) {
  unsigned count = 0;
  for (unsigned i = 0; i < TURN_PAGES && holder != NULL; i++)
    if (kept[i].frame != FRAME_NONE && is_first(i)) count += frame_at(kept[i].frame)->kept;
  return count;
}

/* Whether waiting for the turn to end frees a frame. */
bool turn_keeps_frames(void) {
  return !is_mine() && turn_kept_count() > 0;
}

/* Keeps frames from others until the fault is done. */
bool turn_wants_frame(void) {
  if (!is_mine()) return false;
  return wants_frame = true;
}

/* Lets the oldest go. */
bool turn_let_go(void) {
  if (!is_mine()) return false;
  unsigned at = TURN_PAGES;
  while (at > 0 && kept[at - 1].frame == FRAME_NONE) at--;
  if (at == 0) return false;
  release(at - 1);
  return true;
}

/* Naps until something happens to the turn.  If nothing does during a nap outside of a fault, the turn is the next one's:
   threads run in the order in which they became ready, so the holder has run during that nap if it can. */
void turn_outwait(void) {
  uint32_t before = events;
  for (unsigned nap = 0; nap < QUIET_NAPS && events == before; nap++) {
    bool waits_for_disk = is_in_fault;
    port_vm_unlock();
    if (waits_for_disk)
      port_sleep_ms(NAP_MS);
    else
      port_yield();
    port_vm_lock();
  }
  if (events == before && holder != NULL && !is_in_fault) pass_on();
}
