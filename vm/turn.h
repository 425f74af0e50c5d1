/* Turns: everybody gets on, however many share few frames.

   An instruction needs up to TURN_PAGES pages at the same time.  Where frames are few, others may take
   the first of them while the last is being read, again and again.  A process to which that happens
   has to wait for its turn, first come first served.  One process at a time has the turn.

   - For who has it, the frames of the last TURN_PAGES pages that it faulted on are kept: they are
     nobody's victims.  So its instruction faults on each page once for reading and once for writing,
     and then completes.
   - While it waits for a frame nobody else is given one.
   - It has the turn for TURN_FAULTS faults if others wait for it, so that it gets something done, and
     until it has made no fault for a while.  If nobody else faults, it has it until its instruction has completed:
     a loop over a few pages more than there are frames needs its last page last of all, and it should be the
     policy that says which goes.

   docs/design.md, "Everybody gets on", has the bound that follows.  All functions: VM lock. */
#ifndef VM_TURN_H
#define VM_TURN_H

#include <stdbool.h>
#include "lib/list.h"
#include "vm/types.h"

struct addrspace;
struct spte;

#define TURN_PAGES 6
/* Tries in vain after which it is for who has the turn: others took the frames it waited for. */
#define TURN_TRIES  8
#define TURN_MEMORY 12 /* What an instruction needs, twice. */

/* What an address space knows of its turns. */
struct turn_record {
  uint32_t progress; /* Of its program, at the last fault: port_progress(). */
  /* The last pages that the instruction faulted on which were not mapped, by the lower halves of their numbers. */
  uint16_t faulted[TURN_MEMORY];
  uint8_t next;          /* Which of them is the oldest. */
  bool waits;            /* For the turn, in a fault. */
  struct list_node node; /* Of those who wait. */
};

/* Forgets all turns. */
void turn_init(void);

/* Whether frames have run out lately: only then there are turns. */
extern bool turn_is_watched;
/* Notes that frames have run out. */
void turn_watch(void);

/* AS faults on the page of SPTE, after TRIES tries in vain.  VM_OK: it may go on.  VM_RETRY: it had to wait for its turn,
   the VM lock given up meanwhile, and what it knew may be otherwise now. */
int turn_fault(struct addrspace *as, const struct spte *spte, unsigned tries);
/* Waits until AS, whose lock the caller has, has the turn: for a transfer that others take the frames from as often as
   TURN_TRIES times.  VM_OK or VM_RETRY, as turn_fault(). */
int turn_take(struct addrspace *as);
/* What AS needed a frame for is done, whether it has the turn or not. */
void turn_done(struct addrspace *as);
/* The fault of AS at SPTE is resolved. */
void turn_fault_done(struct addrspace *as, const struct spte *spte);
/* AS, whose fault met an error or which ends, needs the turn no more, if it has it. */
void turn_give_up(struct addrspace *as);

/* Whether who has the turn waits for a frame and the caller is somebody else, who gets none then. */
bool turn_comes_first(void);
/* Who has the turn, or NULL. */
const struct addrspace *turn_holder(void);
/* How many frames are kept for who has the turn; 0 if nobody has. */
unsigned turn_kept_count(void);
/* Whether frames are kept for somebody else than the caller. */
bool turn_keeps_frames(void);
/* Whether the caller has the turn: then nobody else is given a frame until his fault is done.  Others give up
   what they have claimed before they wait. */
bool turn_wants_frame(void);
/* Lets the frame go that has been kept for longest, if the caller has the turn; whether there was
   one. */
bool turn_let_go(void);
/* Waits a little for frames that are kept.  If who has the turn makes no fault meanwhile, it is the
   next one's.  The caller holds no frame. */
void turn_outwait(void);

#endif
