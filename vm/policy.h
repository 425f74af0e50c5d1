/* Replacement policies: which frame goes next.

   A policy is a table of functions over frame numbers.  It knows no page-table bit, no I/O and no
   lock (all calls come under the VM lock), and compiles outside the kernel as well.
   - A new one is one file policy_NAME.c with its table, and one line in policy.c. */
#ifndef VM_POLICY_H
#define VM_POLICY_H

#include <stdbool.h>
#include <stdint.h>
#include "vm/types.h"

#define FRAME_NONE UINT32_MAX

struct policy {
  const char *name;
  /* Starts over with FRAMES frames, none admitted; false if there is no memory. */
  bool (*init)(frameno_t frames);
  /* A page came into FRAME. */
  void (*admit)(frameno_t frame);
  /* The page in FRAME left, or died. */
  void (*remove)(frameno_t frame);
  /* The admitted frame that should go next, and of which policy_may_evict() is true; FRAME_NONE if
     there is none.  It stays admitted until remove() is called; if it turns out that it cannot
     go, the next call gives another one. */
  frameno_t (*victim)(void);
};

/* What a policy may ask about a frame; answered by its surroundings. */
bool policy_may_evict(frameno_t frame);
/* Whether the frame was touched since this was asked the last time. */
bool policy_take_accessed(frameno_t frame);
bool policy_is_dirty(frameno_t frame);

extern const struct policy policy_clock;

/* The policy called NAME (NULL: the default), or NULL. */
const struct policy *policy_lookup(const char *name);

#endif
