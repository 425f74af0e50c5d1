/* Mathematics by the instructions of the x87 unit.

   The results are those of real numbers, rounded to a double: wrong by less than one unit of the last
   place, exact where the result is a double and the function is one of the first two groups.  What has no
   result is a NaN, what is too large an infinity; nothing is raised and nothing is noted elsewhere.  The
   functions expect the unit's control word as a program finds it: 64 bits, rounding to nearest. */
#ifndef USER_MATH_H
#define USER_MATH_H

#define HUGE_VAL    __builtin_huge_val()
#define INFINITY    __builtin_inff()
#define NAN         __builtin_nanf("")

#define M_E         2.7182818284590452354
#define M_LN2       0.69314718055994530942
#define M_LN10      2.30258509299404568402
#define M_PI        3.14159265358979323846
#define M_PI_2      1.57079632679489661923
#define M_SQRT2     1.41421356237309504880

#define isnan(X)    __builtin_isnan(X)
#define isinf(X)    __builtin_isinf_sign(X)
#define isfinite(X) __builtin_isfinite(X)
#define signbit(X)  __builtin_signbit(X)

/* X without its sign; its square root, NaN below 0. */
double fabs(double x);
double sqrt(double x);

/* The whole number next below, next above, and next to 0 from X; the nearest one, halves away from 0. */
double floor(double x);
double ceil(double x);
double trunc(double x);
double round(double x);
/* What is left of X after whole multiples of Y are taken from it, with the sign of X; exact.  NaN if Y
   is 0 or X infinite. */
double fmod(double x, double y);

/* Of an angle X in radians.  The processor's idea of pi has 66 bits: near a multiple of pi the result is
   wrong by at most 2^-64 times X.  NaN if X is infinite; X itself must be below 2^63. */
double sin(double x);
double cos(double x);
double tan(double x);
/* The angle whose tangent is X; that of the point (X, Y), from -pi to pi. */
double atan(double x);
double atan2(double y, double x);

/* e to the power of X; the natural and decimal logarithms, NaN below 0, -infinity at 0. */
double exp(double x);
double log(double x);
double log10(double x);
double log2(double x);
/* X to the power of Y; NaN if X is negative and Y no whole number. */
double pow(double x, double y);

#endif
