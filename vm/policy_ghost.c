/* Ghosts. */
#include "vm/policy_ghost.h"
#include "lib/round.h"

#define GHOST_NONE UINT32_MAX
#define HASH_STEP  2654435769u /* 2^32 over the golden ratio: spreads neighbouring keys. */
#define CHAIN      8           /* Ghosts to a head, at most about so many on average. */

/* Makes GHOSTS empty.  The heads are paid for by ghosts that are not there: of 12 bytes each, 4 in every
   CHAIN * 12 go to them at most. */
bool ghosts_init(struct ghosts *ghosts, uint32_t count) {
  uint32_t heads = 1;
  ghosts->shift = 32;
  while (heads * 2 * CHAIN <= count) heads *= 2, ghosts->shift--;
  ghosts->size = MAX(count - DIV_ROUND_UP(heads, 3), 1u);
  ghosts->next = 0;
  ghosts->ring = policy_alloc(ghosts->size, sizeof *ghosts->ring);
  ghosts->heads = policy_alloc(heads, sizeof *ghosts->heads);
  if (ghosts->ring == NULL || ghosts->heads == NULL) return false;
  for (uint32_t i = 0; i < heads; i++) ghosts->heads[i] = GHOST_NONE;
  for (uint32_t i = 0; i < ghosts->size; i++) ghosts->ring[i].next = i; /* Empty: its own next. */
  return true;
}

/* The head of the chain that KEY belongs to. */
static uint32_t *chain_of(struct ghosts *ghosts, page_key_t key) {
  return &ghosts->heads[ghosts->shift == 32 ? 0 : key * HASH_STEP >> ghosts->shift];
}

/* Takes the ghost at INDEX, not empty, out of its chain; it is empty then. */
static void unchain(struct ghosts *ghosts, uint32_t index) {
  uint32_t *link = chain_of(ghosts, ghosts->ring[index].key);
  while (*link != index) link = &ghosts->ring[*link].next;
  *link = ghosts->ring[index].next;
  ghosts->ring[index].next = index;
}

/* Remembers page KEY in the place of the oldest. */
bool ghosts_add(struct ghosts *ghosts, page_key_t key, uint32_t note, uint32_t *forgotten) {
  uint32_t index = ghosts->next;
  ghosts->next = index + 1 == ghosts->size ? 0 : index + 1;
  struct ghost *ghost = &ghosts->ring[index];
  bool full = ghost->next != index;
  if (full) {
    *forgotten = ghost->note;
    unchain(ghosts, index);
  }
  uint32_t *head = chain_of(ghosts, key);
  *ghost = (struct ghost){.key = key, .note = note, .next = *head};
  *head = index;
  return full;
}

/* Forgets page KEY, if it is remembered. */
bool ghosts_take(struct ghosts *ghosts, page_key_t key, uint32_t *note) {
  uint32_t index = *chain_of(ghosts, key);
  while (index != GHOST_NONE && ghosts->ring[index].key != key) index = ghosts->ring[index].next;
  if (index == GHOST_NONE) return false;
  *note = ghosts->ring[index].note;
  unchain(ghosts, index);
  return true;
}
