/* Ghosts. */
#include "vm/policy_ghost.h"

#define GHOST_NONE UINT32_MAX

/* Makes GHOSTS empty. */
bool ghosts_init(struct ghosts *ghosts, uint32_t count) {
  ghosts->size = count > hash_cost(count) ? count - hash_cost(count) : 1;
  ghosts->next = 0;
  ghosts->ring = policy_alloc(ghosts->size, sizeof *ghosts->ring);
  if (ghosts->ring == NULL || !hash_init(&ghosts->hash, count, GHOST_NONE)) return false;
  for (uint32_t i = 0; i < ghosts->size; i++) ghosts->ring[i].next = i; /* Empty: its own next. */
  return true;
}

/* Takes the ghost at INDEX, not empty, out of its chain; it is empty then. */
static void unchain(struct ghosts *ghosts, uint32_t index) {
  uint32_t *link = hash_chain(&ghosts->hash, ghosts->ring[index].key);
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
  uint32_t *head = hash_chain(&ghosts->hash, key);
  *ghost = (struct ghost){.key = key, .note = note, .next = *head};
  *head = index;
  return full;
}

/* Forgets page KEY, if it is remembered. */
bool ghosts_take(struct ghosts *ghosts, page_key_t key, uint32_t *note) {
  uint32_t index = *hash_chain(&ghosts->hash, key);
  while (index != GHOST_NONE && ghosts->ring[index].key != key) index = ghosts->ring[index].next;
  if (index == GHOST_NONE) return false;
  *note = ghosts->ring[index].note;
  unchain(ghosts, index);
  policy_note(POLICY_GHOST, FRAME_NONE, key);
  return true;
}
