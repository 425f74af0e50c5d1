/* Bitmaps over memory that the caller gives.

   BITMAP_WORDS(n) tells how many words N bits need.  Runs are searched from a hint onwards and
   wrap around. */
#ifndef LIB_BITMAP_H
#define LIB_BITMAP_H

#include <stdbool.h>
#include <stdint.h>

#define BITMAP_WORDS(BITS) (((BITS) + 31) / 32)
#define BITMAP_NONE        UINT32_MAX

/* How many bits of WORD are set. */
static inline unsigned word_count(uint32_t word) {
  word -= word >> 1 & 0x55555555;
  word = (word & 0x33333333) + (word >> 2 & 0x33333333);
  word = (word + (word >> 4)) & 0x0f0f0f0f;
  return word * 0x01010101 >> 24;
}

struct bitmap {
  uint32_t *words;
  uint32_t bits;
};

/* Makes BITMAP stand for BITS bits in WORDS, all clear. */
void bitmap_init(struct bitmap *bitmap, uint32_t *words, uint32_t bits);
bool bitmap_test(const struct bitmap *bitmap, uint32_t bit);
void bitmap_set(struct bitmap *bitmap, uint32_t bit);
void bitmap_clear(struct bitmap *bitmap, uint32_t bit);
void bitmap_set_run(struct bitmap *bitmap, uint32_t first, uint32_t count);
void bitmap_clear_run(struct bitmap *bitmap, uint32_t first, uint32_t count);
uint32_t bitmap_count(const struct bitmap *bitmap);

/* Finds COUNT clear bits in a row whose first is a multiple of ALIGN (1 for any), searching from
   HINT and around; BITMAP_NONE if there are none. */
uint32_t bitmap_find_run(const struct bitmap *bitmap, uint32_t hint, uint32_t count,
                         uint32_t align);

#endif
