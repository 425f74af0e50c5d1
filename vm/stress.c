/* Stress. */
#include "vm/stress.h"
#include "vm/port.h"
#include "vm/reclaim.h"

/* One delay in so many sleeps; the others just let somebody else run. */
#define SLEEP_PART   16
#define SLEEP_MS_MAX 20

static uint32_t state; /* 0: no stress. */

/* Starts the sequence of SEED. */
void stress_init(uint32_t seed) {
  state = seed;
}

/* A number below BOUND, by xorshift. */
static uint32_t chance(uint32_t bound) {
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state % bound;
}

/* Evicts something, every other time. */
void stress_evict(void) {
  if (state != 0 && chance(2) == 0) reclaim_frames();
}

/* Lets others run for a while. */
void stress_delay(void) {
  if (state == 0) return;
  if (chance(SLEEP_PART) == 0) port_sleep_ms(chance(SLEEP_MS_MAX));
  for (uint32_t yields = chance(4); yields > 0; yields--) port_yield();
}
