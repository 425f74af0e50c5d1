/* Bitmaps.  Runs are found a word at a time where words are full. */
#include "lib/bitmap.h"
#include <stddef.h>
#include "lib/debug.h"
#include "lib/round.h"

#define WORD_BITS 32u

/* The words of BITMAP, and the bits of the last one beyond its end, are cleared. */
void bitmap_init(struct bitmap *bitmap, uint32_t *words, uint32_t bits) {
  bitmap->words = words;
  bitmap->bits = bits;
  for (uint32_t i = 0; i < BITMAP_WORDS(bits); i++) words[i] = 0;
}

/* Whether BIT is set. */
bool bitmap_test(const struct bitmap *bitmap, uint32_t bit) {
  ASSERT(bit < bitmap->bits);
  return bitmap->words[bit / WORD_BITS] >> bit % WORD_BITS & 1;
}

/* Sets BIT. */
void bitmap_set(struct bitmap *bitmap, uint32_t bit) {
  ASSERT(bit < bitmap->bits);
  bitmap->words[bit / WORD_BITS] |= 1u << bit % WORD_BITS;
}

/* Clears BIT. */
void bitmap_clear(struct bitmap *bitmap, uint32_t bit) {
  ASSERT(bit < bitmap->bits);
  bitmap->words[bit / WORD_BITS] &= ~(1u << bit % WORD_BITS);
}

/* Sets the COUNT bits from FIRST on. */
void bitmap_set_run(struct bitmap *bitmap, uint32_t first, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) bitmap_set(bitmap, first + i);
}

/* Clears the COUNT bits from FIRST on. */
void bitmap_clear_run(struct bitmap *bitmap, uint32_t first, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) bitmap_clear(bitmap, first + i);
}

/* The number of bits set. */
uint32_t bitmap_count(const struct bitmap *bitmap) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < BITMAP_WORDS(bitmap->bits); i++)
    for (uint32_t word = bitmap->words[i]; word != 0; word &= word - 1) count++;
  return count;
}

/* The first bit at or after BIT that is clear, or the number of bits if there is none. */
static uint32_t next_clear(const struct bitmap *bitmap, uint32_t bit) {
  while (bit < bitmap->bits) {
    uint32_t clear = ~bitmap->words[bit / WORD_BITS] >> bit % WORD_BITS;
    if (clear != 0) return MIN(bit + (uint32_t)__builtin_ctz(clear), bitmap->bits);
    bit = ROUND_DOWN(bit, WORD_BITS) + WORD_BITS;
  }
  return bitmap->bits;
}

/* The number of clear bits from FIRST on, counted up to MAX. */
static uint32_t clear_run(const struct bitmap *bitmap, uint32_t first, uint32_t max) {
  uint32_t count = 0;
  while (count < max && first + count < bitmap->bits && !bitmap_test(bitmap, first + count))
    count++;
  return count;
}

/* What a search looks for. */
struct wanted {
  uint32_t count, align;
};

/* The first run as WANTED that begins in [START, END), or BITMAP_NONE. */
static uint32_t find_between(const struct bitmap *bitmap, uint32_t start, uint32_t end,
                             struct wanted wanted) {
  for (uint32_t bit = start; bit < end;) {
    uint32_t first = ROUND_UP(next_clear(bitmap, bit), wanted.align);
    if (first >= end || first + wanted.count > bitmap->bits) return BITMAP_NONE;
    uint32_t run = clear_run(bitmap, first, wanted.count);
    if (run == wanted.count) return first;
    bit = first + run + 1;
  }
  return BITMAP_NONE;
}

/* Searches from HINT to the end, then from the start to HINT. */
uint32_t bitmap_find_run(const struct bitmap *bitmap, uint32_t hint, uint32_t count,
                         uint32_t align) {
  struct wanted wanted = {count, align};
  if (count == 0 || count > bitmap->bits) return BITMAP_NONE;
  if (hint >= bitmap->bits) hint = 0;
  uint32_t found = find_between(bitmap, hint, bitmap->bits, wanted);
  if (found == BITMAP_NONE && hint > 0) found = find_between(bitmap, 0, hint, wanted);
  return found;
}
