/* Replacement policies: which frame goes next.

   A policy is a table of functions over frame numbers.  It knows no page-table bit, no I/O and no
   lock (all calls come under the VM lock), and compiles outside the kernel as well.
   - A new one is one file policy_NAME.c with its table, and one line in policy.c. */
#ifndef VM_POLICY_H
#define VM_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "vm/types.h"

#define FRAME_NONE UINT32_MAX

/* What a policy may allocate, in init() alone, for each frame: so much for what it knows of the frame,
   and so much for ghosts, which are pages that have left and that it still remembers. */
#define POLICY_FRAME_BYTES 32u
#define POLICY_GHOST_BYTES 12u

/* Which page of content it is, wherever that is: the same number each time it comes.  Two pages may
   have the same one, so that a policy can be wrong, but seldom. */
typedef uint32_t page_key_t;

/* Why a page came into its frame. */
enum policy_why {
  CAME_FAULT,     /* Somebody touched it, and its content was read. */
  CAME_READAHEAD, /* Nobody did: it was read together with a neighbour. */
  CAME_COPY,      /* Somebody wrote to a page that he shares with others, and this is his copy. */
  CAME_NEW        /* Somebody touched it for the first time, and there was nothing to read. */
};

struct policy {
  const char *name;
  const char *summary; /* A line for the list of policies. */
  /* Starts over with FRAMES frames, at least one, none admitted; false if there is no memory. */
  bool (*init)(frameno_t frames);
  /* Page KEY came into FRAME, because of WHY.  Its accessed bit may be set at once: the access that
     faulted is repeated, and finds the page. */
  void (*admit)(frameno_t frame, page_key_t key, enum policy_why why);
  /* The page in FRAME left, or died. */
  void (*remove)(frameno_t frame);
  /* The admitted frame that should go next, and of which policy_may_evict() is true; FRAME_NONE if
     there is none.  It stays admitted until remove() is called.  If it turns out that it cannot go, the
     calls that follow give others, though not all perhaps: reclaim looks at the rest by itself. */
  frameno_t (*victim)(void);
};

/* What a policy may ask about a frame; answered by its surroundings.  VM lock; none sleeps. */

/* Whether the page in FRAME may go now. */
bool policy_may_evict(frameno_t frame);
/* Whether the frame was touched since this was asked the last time. */
bool policy_take_accessed(frameno_t frame);
/* Whether the page in FRAME would have to be written, as far as can be told without unmapping it. */
bool policy_is_dirty(frameno_t frame);

/* What a policy noticed or did beyond its choice, for those who watch. */
enum policy_decision {
  POLICY_HAND,          /* Its hand stands at a frame. */
  POLICY_GHOST,         /* A page came back that it remembers. */
  POLICY_PROMOTED,      /* A page counts for more from now on, */
  POLICY_DEMOTED,       /* or for less. */
  POLICY_BY_COUNT,      /* It chose in this way, */
  POLICY_YOUNGEST_IDLE, /* or in that, */
  POLICY_LAST_CAME,     /* or in a third. */
  POLICY_SPARED         /* A frame is passed over once because it is dirty. */
};
/* Tells of DECISION about FRAME, or page KEY; FRAME_NONE and 0 for none. */
void policy_note(enum policy_decision decision, frameno_t frame, page_key_t key);

/* COUNT records of SIZE bytes, all zero, for init(); NULL if there is no memory.  They belong to the
   surroundings, which free them before the next init(). */
void *policy_alloc(frameno_t count, size_t size);

extern const struct policy policy_fifo, policy_clock, policy_aging, policy_gclock, policy_clock2q,
    policy_clockpro, policy_duo;

/* The policy called NAME (NULL: the default), or NULL. */
const struct policy *policy_lookup(const char *name);
/* Policy NUMBER of those there are, counted from 0, the default first; NULL behind the last. */
const struct policy *policy_number(unsigned number);

#endif
