/* Decimal: a number in base 10 with so many digits that every double stands in it exactly.

   - decimal_of() and decimal_to_double() lead from a double and back, rightly rounded.
   - decimal_digit(), decimal_add_digit() and decimal_round() see single digits, by their place: the
     place of units is 0, that of tenths -1.
   Only integers are used: nothing here needs the floating-point unit. */
#ifndef USER_LIB_DECIMAL_H
#define USER_LIB_DECIMAL_H

#include <stdbool.h>
#include <stdint.h>

/* Nine digits each; the largest double has 309 before the point, the smallest 1,074 behind it. */
#define DECIMAL_WHOLE 36
#define DECIMAL_PARTS 122
#define DECIMAL_LIMBS (DECIMAL_WHOLE + DECIMAL_PARTS)
/* The places that there are. */
#define DECIMAL_PLACE_MAX (DECIMAL_WHOLE * 9 - 1)
#define DECIMAL_PLACE_MIN (-DECIMAL_PARTS * 9)

struct decimal {
  uint32_t limbs[DECIMAL_LIMBS]; /* From the highest to the lowest. */
  int first, end;                /* All limbs before FIRST and from END on are 0. */
  bool more; /* The true number is a little larger: it has digits below the last place. */
};

/* Makes DECIMAL 0. */
void decimal_clear(struct decimal *decimal);
/* Makes DECIMAL the absolute value of a double that is finite, whose bits are BITS. */
void decimal_of(struct decimal *decimal, uint64_t bits);
/* The bits of the double next to DECIMAL, of two the even one; infinity if there is none so large.
   DECIMAL is changed. */
uint64_t decimal_to_double(struct decimal *decimal);

/* The place of the highest digit that is not 0; 0 for the number 0. */
int decimal_top(const struct decimal *decimal);
/* The digit at PLACE, which may be any. */
int decimal_digit(const struct decimal *decimal, int place);
/* Adds DIGIT times 10 to the power of PLACE, which is at most DECIMAL_PLACE_MAX. */
void decimal_add_digit(struct decimal *decimal, int place, int digit);
/* Rounds so that no digit below PLACE is left; exactly half of it goes to the even digit. */
void decimal_round(struct decimal *decimal, int place);

/* Bits of a double. */
#define DOUBLE_SIGN     0x8000000000000000ull
#define DOUBLE_INFINITY 0x7ff0000000000000ull
#define DOUBLE_NAN      0x7ff8000000000000ull

/* A double and its bits. */
union double_bits {
  double value;
  uint64_t bits;
};

#endif
