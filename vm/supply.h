/* Supply: who may have a frame.

   Pages get frames that are free, or that reclaim makes free.  A page whose content has no home but
   slots is refused one while pages of files and slots would be left with too few to come and go.  The
   kernel's own memory is supplied as well.  The pageout thread keeps a reserve. */
#ifndef VM_SUPPLY_H
#define VM_SUPPLY_H

#include <stdbool.h>
#include "vm/types.h"

struct frame;
struct page;

enum supply_wait {
  SUPPLY_WAIT, /* The caller holds no other frame: it waits for frames in transit. */
  SUPPLY_RETRY /* It does: VM_RETRY rather than waiting, so that two such cannot wait for each
                  other; it gives up all it holds and starts over. */
};

/* What is made ready before it is needed: in pools from RESERVE_POOL_MIN frames on, and unless it is switched off. */
struct supply_ahead {
  bool reserve; /* A reserve of free frames. */
  bool zeroes;  /* Frames of zeroes. */
};
#define RESERVE_POOL_MIN 256
/* Sizes what AHEAD says for a pool of FRAMES. */
void supply_init(frameno_t frames, struct supply_ahead ahead);

/* Lends a frame to PAGE (not pinned, content undefined).  VM lock, may be given up meanwhile.  VM_OK,
   VM_RETRY, or VM_ENOFRAME. */
int supply_frame(struct page *page, enum supply_wait wait);
/* Lends a frame to PAGE, ARRIVING, if one is free or the policy's next victim is clean; whether it
   did.  VM lock; does not sleep. */
bool supply_try_frame(struct page *page);
/* Whether supply_frame() has room for COUNT new pages now, whose content has no home but slots.  VM lock, may be given
   up meanwhile. */
bool supply_has_room(frameno_t count);
/* With no frame held: waits until some frame in transit has come to rest, if there is one.  VM lock,
   given up meanwhile. */
void supply_wait(void);

/* A frame for the kernel's own memory, as long as FRAMES_MOVING and one in eight are left to pages; NULL
   otherwise: then some pages have been sent home, so that page tables may have become free.  Called without the
   VM lock, by who holds no frame and none of the locks that eviction takes.  May sleep. */
struct frame *supply_lend_kernel(void);
/* Takes it back.  With or without the VM lock. */
void supply_take_back(struct frame *frame);
/* Whether supply_lend_kernel() may have COUNT.  With or without the VM lock. */
bool supply_may_lend_kernel(frameno_t count);

/* Sends pages home, a bounded number of them, until supply_lend_kernel() may have COUNT.  Called as that. */
void supply_make_lendable(frameno_t count);

/* Whether the pool is large enough for a reserve. */
bool supply_keeps_reserve(void);
/* Zeroes a free frame, for a page of zeroes that will be needed: whether there was any to zero.  There is none when a
   sixteenth of the pool is ready, or when memory is short: less than a quarter is free.  For who has nothing else to
   do, without the VM lock; does not sleep. */
bool supply_zero_ahead(void);
/* The pageout thread: keeps the reserve, never returns.  Called without the VM lock. */
void supply_reserve_thread(void *unused);

#endif
