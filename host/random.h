/* Random numbers that are the same everywhere: splitmix64. */
#ifndef HOST_RANDOM_H
#define HOST_RANDOM_H

#include <stdint.h>

/* The next number below BOUND of the sequence *STATE. */
static inline uint32_t random_below(uint64_t *state, uint32_t bound) {
  uint64_t z = *state += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return (uint32_t)((z ^ (z >> 31)) >> 16) % bound;
}

#endif
