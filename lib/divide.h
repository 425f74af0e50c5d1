/* Division of 64-bit numbers on a 32-bit machine: what compilers call where their own support
   library would have it.  The names are the compiler's; nobody else calls them. */
#ifndef LIB_DIVIDE_H
#define LIB_DIVIDE_H

#include <stdint.h>

/* Quotient, and with a remainder through *REMAINDER unless that is NULL. */
uint64_t __udivmoddi4(uint64_t dividend, uint64_t divisor, uint64_t *remainder);
int64_t __divmoddi4(int64_t dividend, int64_t divisor, int64_t *remainder);

uint64_t __udivdi3(uint64_t dividend, uint64_t divisor);
uint64_t __umoddi3(uint64_t dividend, uint64_t divisor);
int64_t __divdi3(int64_t dividend, int64_t divisor);
int64_t __moddi3(int64_t dividend, int64_t divisor);

#endif
