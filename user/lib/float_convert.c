/* What compilers call to turn floating-point numbers into unsigned integers of 64 bits. */
#include <stdint.h>

uint64_t __fixunsxfdi(long double value);
uint64_t __fixunsdfdi(double value);
uint64_t __fixunssfdi(float value);

#define TWO_TO_63 0x1p63L

/* VALUE without what is behind the point; the processor knows signed numbers only. */
uint64_t __fixunsxfdi(long double value) {
  if (value < TWO_TO_63) return (uint64_t)(int64_t)value;
  return (uint64_t)(int64_t)(value - TWO_TO_63) + (1ull << 63);
}

/* As for a long double. */
uint64_t __fixunsdfdi(double value) {
  return __fixunsxfdi(value);
}

/* As for a long double. */
uint64_t __fixunssfdi(float value) {
  return __fixunsxfdi(value);
}
