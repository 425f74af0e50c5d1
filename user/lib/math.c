/* Mathematics: what the x87 unit can do, and what is made of it. */
#include <math.h>
#include <stdbool.h>

/* ln 2 in two parts; the first has so few bits that its product with an exponent is exact. */
#define LN2_HIGH 0x1.62e42fefa38p-1L
#define LN2_LOW  0x1.ef35793c7673007ep-45L
/* Beyond this e^X is 0 or infinite. */
#define EXP_MAX 800.0
/* Beyond this 2^X is, even for a long double; and no double of that size has a fraction. */
#define POWER_MAX 20000.0L

/* Bits of the control word that tell to how many bits results are rounded, and which way. */
#define PRECISION        0x0300
#define PRECISION_DOUBLE 0x0200
#define ROUNDING         0x0c00
#define ROUNDING_DOWN    0x0400
#define ROUNDING_UP      0x0800
#define ROUNDING_CUT     0x0c00

/* Bits of the status word. */
#define STATUS_MORE 0x0400 /* FPREM has not come to the end. */

/* X without its sign. */
double fabs(double x) {
  return __builtin_fabs(x);
}

/* Sets the bits MASK of the control word to BITS and returns what it was. */
static unsigned short change_control(unsigned mask, unsigned bits) {
  unsigned short before, during;
  __asm__ volatile("fnstcw %0" : "=m"(before));
  during = (unsigned short)((before & ~mask) | bits);
  __asm__ volatile("fldcw %0" : : "m"(during));
  return before;
}

/* Puts the control word back. */
static void restore_control(unsigned short before) {
  __asm__ volatile("fldcw %0" : : "m"(before));
}

/* The square root of X, rounded once: rounded to more bits first, it could be wrong. */
double sqrt(double x) {
  long double root = x;
  unsigned short before = change_control(PRECISION, PRECISION_DOUBLE);
  __asm__ volatile("fsqrt" : "+t"(root));
  restore_control(before);
  return (double)root;
}

/* X as a whole number, by the ROUNDING_ given. */
static double round_by(double x, unsigned rounding) {
  long double whole = x;
  unsigned short before = change_control(ROUNDING, rounding);
  __asm__ volatile("frndint" : "+t"(whole));
  restore_control(before);
  return (double)whole;
}

/* The next whole number that is not above X. */
double floor(double x) {
  return round_by(x, ROUNDING_DOWN);
}

/* The next whole number that is not below X. */
double ceil(double x) {
  return round_by(x, ROUNDING_UP);
}

/* X without what is behind the point. */
double trunc(double x) {
  return round_by(x, ROUNDING_CUT);
}

/* The nearest whole number; halves go away from 0. */
double round(double x) {
  double whole = trunc(x);
  if (__builtin_fabs(x - whole) >= 0.5) whole += x < 0 ? -1 : 1;
  return __builtin_copysign(whole, x);
}

/* What is left of X: FPREM takes at most 63 bits of the quotient at a time. */
double fmod(double x, double y) {
  long double rest = x;
  unsigned short status = STATUS_MORE;
  while (status & STATUS_MORE)
    __asm__("fprem\n\tfnstsw %1" : "+t"(rest), "=a"(status) : "u"((long double)y));
  return (double)rest;
}

/* The sine of X. */
double sin(double x) {
  long double result;
  __asm__("fsin" : "=t"(result) : "0"((long double)x));
  return (double)result;
}

/* The cosine of X. */
double cos(double x) {
  long double result;
  __asm__("fcos" : "=t"(result) : "0"((long double)x));
  return (double)result;
}

/* The tangent of X. */
double tan(double x) {
  long double sine, cosine;
  __asm__("fsincos" : "=t"(cosine), "=u"(sine) : "0"((long double)x));
  return (double)(sine / cosine);
}

/* The angle of the point (X, Y). */
double atan2(double y, double x) {
  long double angle;
  __asm__("fpatan" : "=t"(angle) : "0"((long double)x), "u"((long double)y) : "st(1)");
  return (double)angle;
}

/* The angle whose tangent is X. */
double atan(double x) {
  return atan2(x, 1);
}

/* FACTOR times the logarithm of X to the base of 2. */
static long double scaled_log2(long double x, long double factor) {
  long double result;
  __asm__("fyl2x" : "=t"(result) : "0"(x), "u"(factor) : "st(1)");
  return result;
}

/* The natural logarithm of X. */
double log(double x) {
  long double ln2;
  __asm__("fldln2" : "=t"(ln2));
  return (double)scaled_log2(x, ln2);
}

/* The decimal logarithm of X. */
double log10(double x) {
  long double lg2;
  __asm__("fldlg2" : "=t"(lg2));
  return (double)scaled_log2(x, lg2);
}

/* The logarithm of X to the base of 2. */
double log2(double x) {
  return (double)scaled_log2(x, 1);
}

/* X times 2 to the power of N, which is a whole number. */
static long double scale(long double x, long double n) {
  long double result;
  __asm__("fscale" : "=t"(result) : "0"(x), "u"(n));
  return result;
}

/* The whole number next to X. */
static long double nearest(long double x) {
  __asm__("frndint" : "+t"(x));
  return x;
}

/* 2 to the power of X, which is between -1 and 1. */
static long double small_power_of_2(long double x) {
  __asm__("f2xm1" : "+t"(x));
  return x + 1;
}

/* e to the power of X: 2^N times e to the power of a rest that is exact, so that a large X costs no
   digits. */
double exp(double x) {
  long double log2e;
  if (isnan(x)) return x;
  if (__builtin_fabs(x) > EXP_MAX) return x < 0 ? 0 : HUGE_VAL;
  __asm__("fldl2e" : "=t"(log2e));
  long double n = nearest(x * log2e);
  long double rest = (x - n * LN2_HIGH) - n * LN2_LOW;
  return (double)scale(small_power_of_2(rest * log2e), n);
}

/* X, positive and finite, to the power of Y, which is finite.  The logarithm is split where 24 of its bits
   end, and so is Y, so that the large part of the exponent is exact. */
static double positive_power(double x, double y) {
  long double log = scaled_log2(x, 1);
  long double exponent = log * y;
  if (__builtin_fabsl(exponent) > POWER_MAX) return exponent < 0 ? 0 : HUGE_VAL;
  float log_high = (float)log, y_high = (float)y;
  long double high = (long double)log_high * y_high;
  long double low = (log - log_high) * y + (long double)log_high * (y - (long double)y_high);
  long double n = nearest(high + low);
  return (double)scale(small_power_of_2((high - n) + low), n);
}

/* Whether Y is a whole number, and an odd one. */
static bool is_odd(double y) {
  return __builtin_fabs(fmod(y, 2)) == 1;
}

/* X, 0 or infinite, to the power of Y, which is not 0. */
static double extreme_power(double x, double y) {
  bool large = (x == 0) == (y < 0);
  double size = large ? HUGE_VAL : 0;
  return signbit(x) && is_odd(y) ? -size : size;
}

/* Powers that have their result by definition come first. */
double pow(double x, double y) {
  if (y == 0 || x == 1) return 1;
  if (isnan(x) || isnan(y)) return x + y;
  if (isinf(y)) {
    double size = __builtin_fabs(x);
    if (size == 1) return 1;
    return (size > 1) == (y > 0) ? HUGE_VAL : 0;
  }
  if (x == 0 || isinf(x)) return extreme_power(x, y);
  if (x > 0) return positive_power(x, y);
  if (trunc(y) != y) return (x - x) / (x - x);
  double size = positive_power(-x, y);
  return is_odd(y) ? -size : size;
}
