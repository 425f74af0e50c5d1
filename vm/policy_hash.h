/* Chains of what policies find by the key of a page: heads by hash, so many that a chain is short.

   The heads come out of the ghosts' budget: whoever has COUNT ghosts to spend makes hash_cost() fewer. */
#ifndef VM_POLICY_HASH_H
#define VM_POLICY_HASH_H

#include "lib/round.h"
#include "vm/policy.h"

#define HASH_CHAIN 8u /* Items to a head, at most about so many on average. */

struct hash {
  uint32_t *heads;
  unsigned shift; /* There are 2^(32-shift) heads. */
};

/* KEY with its bits mixed: times 2^32 over the golden ratio, which spreads neighbours. */
static inline uint32_t hash_mix(page_key_t key) {
  return key * 2654435769u;
}

/* How many heads there are for COUNT items. */
static inline uint32_t hash_heads(uint32_t count) {
  uint32_t heads = 1;
  while (heads * 2 * HASH_CHAIN <= count) heads *= 2;
  return heads;
}

/* How many ghosts the heads for COUNT of them cost. */
static inline uint32_t hash_cost(uint32_t count) {
  return DIV_ROUND_UP(hash_heads(count) * sizeof(uint32_t), POLICY_GHOST_BYTES);
}

/* Makes HASH one for COUNT items with all chains at END; false if there is no memory. */
static inline bool hash_init(struct hash *hash, uint32_t count, uint32_t end) {
  uint32_t heads = hash_heads(count);
  hash->shift = 32 - (unsigned)__builtin_ctz(heads);
  hash->heads = policy_alloc(heads, sizeof *hash->heads);
  if (hash->heads == NULL) return false;
  for (uint32_t i = 0; i < heads; i++) hash->heads[i] = end;
  return true;
}

/* The head of the chain that KEY belongs to. */
static inline uint32_t *hash_chain(const struct hash *hash, page_key_t key) {
  return &hash->heads[hash->shift == 32 ? 0 : hash_mix(key) >> hash->shift];
}

#endif
