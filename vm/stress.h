/* Stress: making rare orders of events common.

   With a seed, pages are evicted at every chance and requests to the disk take random times, so
   that completions overtake each other.  Without one, nothing here does anything. */
#ifndef VM_STRESS_H
#define VM_STRESS_H

#include <stdbool.h>
#include <stdint.h>

/* Starts the sequence of SEED; 0: no stress. */
void stress_init(uint32_t seed);
/* Whether something is to be evicted now that need not be.  VM lock. */
bool stress_evicts(void);
/* Before or after a request to a disk, without the VM lock: lets others run for a while. */
void stress_delay(void);

#endif
