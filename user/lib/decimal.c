/* Decimal numbers: moved by powers of two, seen and rounded by digits.

   10^9 is a multiple of 2^9.  So a limb can be doubled or halved up to nine times at once, and what is
   carried to its neighbour is found without numbers of more than 32 bits. */
#include "user/lib/decimal.h"

#define LIMB_DIGITS   9
#define LIMB_BASE     1000000000u
#define STEP_MAX      9
#define UNITS         (DECIMAL_WHOLE - 1) /* The limb of units. */

#define MANTISSA_BITS 52
#define EXPONENT_MAX  0x7ff
/* A double is its mantissa times 2 to the power of its exponent field less this. */
#define EXPONENT_BIAS  1075
#define EXPONENT_LEAST (-1074)

static const uint32_t powers[LIMB_DIGITS] = {1,      10,      100,      1000,     10000,
                                             100000, 1000000, 10000000, 100000000};

/* Makes DECIMAL 0. */
void decimal_clear(struct decimal *decimal) {
  for (int i = 0; i < DECIMAL_LIMBS; i++) decimal->limbs[i] = 0;
  decimal->first = decimal->end = DECIMAL_WHOLE;
  decimal->more = false;
}

/* Makes FIRST and END of DECIMAL hold limb I. */
static void include_limb(struct decimal *decimal, int i) {
  if (decimal->first == decimal->end) {
    decimal->first = i;
    decimal->end = i + 1;
  }
  if (i < decimal->first) decimal->first = i;
  if (i >= decimal->end) decimal->end = i + 1;
}

/* Moves the bounds of DECIMAL to limbs that are not 0. */
static void trim(struct decimal *decimal) {
  while (decimal->first < decimal->end && decimal->limbs[decimal->first] == 0) decimal->first++;
  while (decimal->first < decimal->end && decimal->limbs[decimal->end - 1] == 0) decimal->end--;
}

/* Multiplies DECIMAL by 2 to the power of STEP, at most STEP_MAX; there is room for the result. */
static void double_up(struct decimal *decimal, int step) {
  uint32_t unit = LIMB_BASE >> step, carry = 0;
  for (int i = decimal->end - 1; i >= decimal->first; i--) {
    uint32_t limb = decimal->limbs[i];
    decimal->limbs[i] = (limb % unit << step) + carry;
    carry = limb / unit;
  }
  if (carry != 0) decimal->limbs[--decimal->first] = carry;
  trim(decimal);
}

/* Divides DECIMAL by 2 to the power of STEP, at most STEP_MAX. */
static void halve(struct decimal *decimal, int step) {
  uint32_t unit = LIMB_BASE >> step, carry = 0;
  for (int i = decimal->first; i < decimal->end; i++) {
    uint32_t limb = decimal->limbs[i];
    decimal->limbs[i] = (limb >> step) + carry * unit;
    carry = limb & ((1u << step) - 1);
  }
  if (carry != 0 && decimal->end < DECIMAL_LIMBS)
    decimal->limbs[decimal->end++] = carry * unit;
  else if (carry != 0)
    decimal->more = true;
  trim(decimal);
}

/* Adds VALUE times the value of a one in limb I. */
static void add_at(struct decimal *decimal, int i, uint32_t value) {
  while (value != 0) {
    include_limb(decimal, i);
    value += decimal->limbs[i];
    decimal->limbs[i] = value < LIMB_BASE ? value : value - LIMB_BASE;
    value = value < LIMB_BASE ? 0 : 1;
    i--;
  }
}

/* The limb of PLACE; the place of its lowest digit is a multiple of LIMB_DIGITS. */
static int limb_of(int place) {
  int high = place >= 0 ? place / LIMB_DIGITS : -((LIMB_DIGITS - 1 - place) / LIMB_DIGITS);
  return UNITS - high;
}

/* The value of a one at PLACE within its limb. */
static uint32_t power_of(int place) {
  return powers[place - (UNITS - limb_of(place)) * LIMB_DIGITS];
}

/* Whether PLACE is below all that there are. */
static bool is_below(int place) {
  return place < DECIMAL_PLACE_MIN;
}

/* A digit that has no place is only noticed. */
void decimal_add_digit(struct decimal *decimal, int place, int digit) {
  if (is_below(place)) {
    decimal->more = decimal->more || digit != 0;
    return;
  }
  add_at(decimal, limb_of(place), (uint32_t)digit * power_of(place));
}

/* Digits outside of all limbs are 0. */
int decimal_digit(const struct decimal *decimal, int place) {
  if (is_below(place) || place > DECIMAL_PLACE_MAX) return 0;
  return (int)(decimal->limbs[limb_of(place)] / power_of(place) % 10);
}

/* Looks through the highest limb. */
int decimal_top(const struct decimal *decimal) {
  if (decimal->first == decimal->end) return 0;
  int place = (UNITS - decimal->first) * LIMB_DIGITS + LIMB_DIGITS - 1;
  while (decimal_digit(decimal, place) == 0) place--;
  return place;
}

/* Compares the digits of DECIMAL below PLACE with half of a one there: negative, 0 or positive. */
static int compare_with_half(const struct decimal *decimal, int place) {
  int digit = decimal_digit(decimal, place - 1);
  if (digit != 5) return digit < 5 ? -1 : 1;
  int limb = limb_of(place - 1);
  bool rest = decimal->more || decimal->limbs[limb] % power_of(place - 1) != 0;
  return rest || limb + 1 < decimal->end ? 1 : 0;
}

/* Takes all digits of DECIMAL below PLACE away. */
static void cut(struct decimal *decimal, int place) {
  int limb = limb_of(place);
  decimal->limbs[limb] -= decimal->limbs[limb] % power_of(place);
  for (int i = limb + 1; i < decimal->end; i++) decimal->limbs[i] = 0;
  if (decimal->end > limb + 1) decimal->end = limb + 1;
  if (decimal->first > decimal->end) decimal->first = decimal->end;
  decimal->more = false;
  trim(decimal);
}

/* A number without digits below PLACE stays. */
void decimal_round(struct decimal *decimal, int place) {
  if (is_below(place - 1)) return;
  int order = compare_with_half(decimal, place);
  bool up = order > 0 || (order == 0 && decimal_digit(decimal, place) % 2 != 0);
  cut(decimal, place);
  if (up) decimal_add_digit(decimal, place, 1);
}

/* Makes DECIMAL the number VALUE, which is below 10^18. */
static void set_whole(struct decimal *decimal, uint64_t value) {
  decimal_clear(decimal);
  add_at(decimal, UNITS, (uint32_t)(value % LIMB_BASE));
  add_at(decimal, UNITS - 1, (uint32_t)(value / LIMB_BASE));
}

/* The mantissa as an integer, moved by the exponent. */
void decimal_of(struct decimal *decimal, uint64_t bits) {
  int exponent = (int)(bits >> MANTISSA_BITS) & EXPONENT_MAX;
  uint64_t mantissa = bits & ((1ull << MANTISSA_BITS) - 1);
  if (exponent != 0)
    mantissa |= 1ull << MANTISSA_BITS;
  else
    exponent = 1;
  set_whole(decimal, mantissa);
  for (exponent -= EXPONENT_BIAS; exponent > 0;) {
    int step = exponent < STEP_MAX ? exponent : STEP_MAX;
    double_up(decimal, step);
    exponent -= step;
  }
  while (exponent < 0) {
    int step = -exponent < STEP_MAX ? -exponent : STEP_MAX;
    halve(decimal, step);
    exponent += step;
  }
}

/* What stands before the point, or UINT64_MAX if that is 10^18 or more. */
static uint64_t whole_part(const struct decimal *decimal) {
  if (decimal->first < UNITS - 1 && decimal->first < decimal->end) return UINT64_MAX;
  return (uint64_t)decimal->limbs[UNITS - 1] * LIMB_BASE + decimal->limbs[UNITS];
}

/* Moves DECIMAL by a power of two until what stands before the point is its mantissa.  The exponent by
   which it was moved, the other way. */
static int normalize(struct decimal *decimal) {
  const uint64_t least = 1ull << MANTISSA_BITS;
  int exponent = 0;
  uint64_t whole;
  while ((whole = whole_part(decimal)) >= 2 * least) {
    int step = whole == UINT64_MAX ? 6 : 1; /* 10^18 is above 2^59: no step goes too far. */
    halve(decimal, step);
    exponent += step;
  }
  while ((whole = whole_part(decimal)) < least && exponent > EXPONENT_LEAST) {
    bool far = whole < least >> STEP_MAX && exponent - STEP_MAX >= EXPONENT_LEAST;
    int step = far ? STEP_MAX : 1;
    double_up(decimal, step);
    exponent -= step;
  }
  return exponent;
}

/* A mantissa that is rounded up to the next power of two carries into the exponent, as it should, also
   from the largest number to infinity. */
uint64_t decimal_to_double(struct decimal *decimal) {
  if (decimal->first == decimal->end) return 0;
  int exponent = normalize(decimal);
  uint64_t mantissa = whole_part(decimal);
  int order = compare_with_half(decimal, 0);
  if (order > 0 || (order == 0 && mantissa % 2 != 0)) mantissa++;
  if (exponent + EXPONENT_BIAS >= EXPONENT_MAX) return DOUBLE_INFINITY;
  return ((uint64_t)(exponent - EXPONENT_LEAST) << MANTISSA_BITS) + mantissa;
}
