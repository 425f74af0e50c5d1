/* Stress: making rare orders of events common.

   With a seed, pages are evicted at every chance and requests to the disk take random times, so
   that completions overtake each other.  Without one, nothing here does anything. */
#ifndef VM_STRESS_H
#define VM_STRESS_H

#include <stdbool.h>
#include <stdint.h>

/* Starts the sequence of SEED; 0: no stress. */
void stress_init(uint32_t seed);
/* Whether there was a seed.  Fixed. */
extern bool stress_is_on;
/* Every other time. */
bool stress_chance(void);
/* Whether something is to be evicted now that need not be.  VM lock. */
static inline bool stress_evicts(void) {
  return stress_is_on && stress_chance();
}
/* Before or after a request to a disk, without the VM lock: lets others run for a while. */
void stress_delay(void);

#endif
