/* Stress. */
#include "vm/stress.h"
#include "vm/port.h"

/* One delay in so many sleeps; the others just let somebody else run. */
#define SLEEP_PART   16
#define SLEEP_MS_MAX 20

bool stress_is_on;
static uint32_t state; /* VM lock. */

/* Starts the sequence of SEED. */
void stress_init(uint32_t seed) {
  state = seed;
  stress_is_on = seed != 0;
}

/* A number below BOUND, by xorshift. */
static uint32_t chance(uint32_t bound) {
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state % bound;
}

/* Every other time. */
bool stress_chance(void) {
  return chance(2) == 0;
}

/* Lets others run for a while. */
void stress_delay(void) {
  if (!stress_is_on) return;
  port_vm_lock();
  bool sleeps = chance(SLEEP_PART) == 0;
  uint32_t ms = chance(SLEEP_MS_MAX), yields = chance(4);
  port_vm_unlock();
  if (sleeps) port_sleep_ms(ms);
  for (; yields > 0; yields--) port_yield();
}
