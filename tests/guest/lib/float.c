/* All floating-point registers at once. */
#include "tests/guest/lib/float.h"
#include <string.h>
#include "tests/guest/lib/pages.h"
#include "tests/guest/lib/test.h"

#define REGISTERS     8
#define CPUID_FXSR    (1u << 24)
#define CPUID_SSE     (1u << 25)
#define CONTROL_START 0x037f
#define MXCSR_START   0x1f80
#define MXCSR_FLAGS   0x3f
#define ROUNDING      3

/* Where things stand in either image. */
enum { FX_TAGS = 4, FX_MXCSR = 24, FX_STACK = 32, FX_XMM = 160, FX_STEP = 16 };
enum { FN_STATUS = 4, FN_TAGS = 8, FN_STACK = 28, FN_STEP = 10 };

/* The feature bits. */
static uint32_t features(void) {
  uint32_t a = 1, b, c = 0, d;
  __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
  return d;
}

/* Whether it has FXSAVE. */
bool floats_have_fxsave(void) {
  return (features() & CPUID_FXSR) != 0;
}

/* Whether it has SSE. */
bool floats_have_sse(void) {
  return (features() & CPUID_SSE) != 0;
}

/* Fills COUNT bytes at BYTES by SEED. */
static void fill(uint8_t *bytes, unsigned count, uint32_t seed) {
  for (unsigned i = 0; i < count; i++) {
    seed = seed * 1103515245 + 12345;
    bytes[i] = (uint8_t)(seed >> 16);
  }
}

/* Makes IMAGE what floats_load(SEED) loads. */
static void make(struct floats *image, uint32_t seed) {
  bool fx = floats_have_fxsave();
  unsigned stack = fx ? FX_STACK : FN_STACK, step = fx ? FX_STEP : FN_STEP;
  memset(image, 0, sizeof *image);
  uint16_t control = (uint16_t)(CONTROL_START | (seed & ROUNDING) << 10);
  memcpy(image->bytes, &control, sizeof control);
  if (fx) image->bytes[FX_TAGS] = 0xff;
  for (unsigned i = 0; i < REGISTERS; i++) {
    fill(image->bytes + stack + i * step, 10, seed * 16 + i);
    image->bytes[stack + i * step + 7] |= 0x80; /* An ordinary number: its highest bit is set, */
    image->bytes[stack + i * step + 9] &= 0x3f; /* and its exponent is not the highest. */
    image->bytes[stack + i * step + 8] |= 1;
  }
  if (!floats_have_sse()) return;
  uint32_t mxcsr = MXCSR_START | (seed & ROUNDING) << 13 | (seed >> 2 & MXCSR_FLAGS);
  memcpy(image->bytes + FX_MXCSR, &mxcsr, sizeof mxcsr);
  fill(image->bytes + FX_XMM, REGISTERS * FX_STEP, ~seed);
}

/* Stores the registers, which stay, in IMAGE; what is not told by them is 0 there. */
static void store(struct floats *image) {
  memset(image, 0, sizeof *image);
  if (floats_have_fxsave())
    __asm__ volatile("fxsave %0" : "+m"(*image));
  else
    __asm__ volatile("fnsave %0\n\tfrstor %0" : "+m"(*image));
}

/* Loads the registers from IMAGE. */
static void load(const struct floats *image) {
  if (floats_have_fxsave())
    __asm__ volatile("fxrstor %0" : : "m"(*image));
  else
    __asm__ volatile("frstor %0" : : "m"(*image));
}

/* Loads a pattern. */
void floats_load(uint32_t seed) {
  struct floats image;
  make(&image, seed);
  load(&image);
}

/* Whether WORDS of 16 bits at OFFSET are the same in A and B. */
static bool same(const struct floats *a, const struct floats *b, unsigned offset, unsigned words) {
  return memcmp(a->bytes + offset, b->bytes + offset, words * 2) == 0;
}

/* Whether all registers in A and B are the same. */
static bool all_same(const struct floats *a, const struct floats *b) {
  bool fx = floats_have_fxsave();
  unsigned stack = fx ? FX_STACK : FN_STACK, step = fx ? FX_STEP : FN_STEP;
  for (unsigned i = 0; i < REGISTERS; i++)
    if (!same(a, b, stack + i * step, 5)) return false;
  if (!same(a, b, 0, 1)) return false;
  if (!fx) return same(a, b, FN_STATUS, 1) && same(a, b, FN_TAGS, 1);
  if (!same(a, b, 2, 1) || a->bytes[FX_TAGS] != b->bytes[FX_TAGS]) return false;
  return !floats_have_sse() || (same(a, b, FX_MXCSR, 2) && same(a, b, FX_XMM, REGISTERS * 8));
}

/* Compares with the pattern. */
bool floats_are(uint32_t seed) {
  struct floats wanted, found;
  store(&found);
  make(&wanted, seed);
  return all_same(&wanted, &found);
}

/* Fails unless they are. */
void floats_check(uint32_t seed, const char *when) {
  CHECK(floats_are(seed), "floating-point registers are not as they were: %s", when);
}

/* The addresses of the last instruction are clean, too: nobody else's. */
void floats_check_clean(const char *when) {
  struct floats wanted, found;
  store(&found);
  memset(&wanted, 0, sizeof wanted);
  uint16_t control = CONTROL_START, empty = 0xffff;
  uint32_t mxcsr = floats_have_sse() ? MXCSR_START : 0;
  memcpy(wanted.bytes, &control, sizeof control);
  if (floats_have_fxsave()) {
    memcpy(wanted.bytes + FX_MXCSR, &mxcsr, sizeof mxcsr);
    CHECK(memory_is_zero(found.bytes + 8, 16), "an address is left in the unit: %s", when);
  } else {
    memcpy(wanted.bytes + FN_TAGS, &empty, sizeof empty);
  }
  CHECK(all_same(&wanted, &found), "floating-point registers are not clean: %s", when);
}
