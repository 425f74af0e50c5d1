/* Division of 64-bit numbers by shifting and subtracting, as on paper. */
#include "lib/divide.h"

#include <stddef.h>

/* The number of zero bits above the highest set bit of VALUE, which is not 0. */
static unsigned leading_zeros(uint64_t value) {
  uint32_t high = (uint32_t)(value >> 32);
  return high != 0 ? (unsigned)__builtin_clz(high) : 32 + (unsigned)__builtin_clz((uint32_t)value);
}

/* Divides numbers of which at least one needs more than 32 bits and DIVIDEND >= DIVISOR > 0.
   Leaves the remainder in *DIVIDEND. */
static uint64_t divide_long(uint64_t *dividend, uint64_t divisor) {
  unsigned shift = leading_zeros(divisor) - leading_zeros(*dividend);
  uint64_t quotient = 0;
  divisor <<= shift;
  for (unsigned i = 0; i <= shift; i++) {
    quotient <<= 1;
    if (*dividend >= divisor) {
      *dividend -= divisor;
      quotient |= 1;
    }
    divisor >>= 1;
  }
  return quotient;
}

/* A division by 0 traps, as the processor's own does. */
uint64_t __udivmoddi4(uint64_t dividend, uint64_t divisor, uint64_t *remainder) {
  uint64_t quotient = 0;
  if (divisor == 0) __builtin_trap();
  if (((dividend | divisor) >> 32) == 0) {
    quotient = (uint32_t)dividend / (uint32_t)divisor;
    dividend = (uint32_t)dividend % (uint32_t)divisor;
  } else if (dividend >= divisor) {
    quotient = divide_long(&dividend, divisor);
  }
  if (remainder != NULL) *remainder = dividend;
  return quotient;
}

/* The size of VALUE without its sign; right for the smallest number, too. */
static uint64_t magnitude(int64_t value) {
  return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

/* As C demands: the quotient is cut towards 0, the remainder has the dividend's sign. */
int64_t __divmoddi4(int64_t dividend, int64_t divisor, int64_t *remainder) {
  uint64_t rest;
  uint64_t quotient = __udivmoddi4(magnitude(dividend), magnitude(divisor), &rest);
  if (remainder != NULL) *remainder = (int64_t)(dividend < 0 ? 0 - rest : rest);
  return (int64_t)((dividend < 0) != (divisor < 0) ? 0 - quotient : quotient);
}

/* DIVIDEND / DIVISOR. */
uint64_t __udivdi3(uint64_t dividend, uint64_t divisor) {
  return __udivmoddi4(dividend, divisor, NULL);
}

/* DIVIDEND % DIVISOR. */
uint64_t __umoddi3(uint64_t dividend, uint64_t divisor) {
  uint64_t remainder;
  (void)__udivmoddi4(dividend, divisor, &remainder);
  return remainder;
}

/* DIVIDEND / DIVISOR. */
int64_t __divdi3(int64_t dividend, int64_t divisor) {
  return __divmoddi4(dividend, divisor, NULL);
}

/* DIVIDEND % DIVISOR. */
int64_t __moddi3(int64_t dividend, int64_t divisor) {
  int64_t remainder;
  (void)__divmoddi4(dividend, divisor, &remainder);
  return remainder;
}
