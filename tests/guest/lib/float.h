/* All floating-point registers at once: x87, SSE where the processor has it, and their control words.

   Programs may use floats_load(), do something that has no floating point in it, and see by
   floats_check() that nothing was changed. */
#ifndef TESTS_GUEST_LIB_FLOAT_H
#define TESTS_GUEST_LIB_FLOAT_H

#include <stdbool.h>
#include <stdint.h>

/* What FXSAVE stores, or FNSAVE, which needs 108 bytes. */
struct floats {
  _Alignas(16) uint8_t bytes[512];
};

/* Whether the processor has FXSAVE, and SSE. */
bool floats_have_fxsave(void);
bool floats_have_sse(void);

/* Fills every register with a value of its own that depends on SEED; no exception is unmasked. */
void floats_load(uint32_t seed);
/* Whether the registers are as floats_load(SEED) left them.  They are still so afterwards. */
bool floats_are(uint32_t seed);
/* Fails, naming WHEN, unless they are. */
void floats_check(uint32_t seed, const char *when);
/* Fails, naming WHEN, unless the registers are those of a program that has just begun. */
void floats_check_clean(const char *when);

#endif
