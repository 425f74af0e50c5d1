/* Ghosts: pages that have left their frame and that a policy remembers for a while.

   They stand in a ring, so the one that was remembered first is forgotten first, and are found by
   their key.  The policy gives each a note of its own. */
#ifndef VM_POLICY_GHOST_H
#define VM_POLICY_GHOST_H

#include "vm/policy_hash.h"

struct ghost {
  page_key_t key;
  uint32_t note;
  uint32_t next; /* With the same hash, the newest first; GHOST_NONE ends. */
};
_Static_assert(sizeof(struct ghost) == POLICY_GHOST_BYTES, "a ghost costs what the budget says");

struct ghosts {
  struct ghost *ring;
  struct hash hash;
  uint32_t size, next;
};

/* Makes GHOSTS empty, with room for about COUNT, their index included in the budget; false if there is no
   memory. */
bool ghosts_init(struct ghosts *ghosts, uint32_t count);
/* Remembers page KEY, not remembered now, with NOTE.  True if another was forgotten for it, *FORGOTTEN
   its note. */
bool ghosts_add(struct ghosts *ghosts, page_key_t key, uint32_t note, uint32_t *forgotten);
/* Whether page KEY is remembered, *NOTE its note; it is not any more. */
bool ghosts_take(struct ghosts *ghosts, page_key_t key, uint32_t *note);

#endif
