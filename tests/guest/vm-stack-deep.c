/* TEST: Recursion three times as deep as the pool is large: stack pages go to swap and come back.
   POOL: 64
   SWAP: 4 */
#include <stdint.h>
#include <stdio.h>
#include <syscall.h>
#include "tests/guest/lib/test.h"

/* Sums 1 to DEPTH with a kilobyte of checked ballast on each level. */
__attribute__((noinline)) static uint32_t recurse(uint32_t depth) {
  volatile uint32_t ballast[256];
  if (depth == 0) return 0;
  for (uint32_t i = 0; i < 256; i++) ballast[i] = depth * 1000 + i;
  uint32_t sum = depth + recurse(depth - 1);
  for (uint32_t i = 0; i < 256; i++)
    CHECK(ballast[i] == depth * 1000 + i, "level %u, word %u", (unsigned)depth, (unsigned)i);
  return sum;
}

/* 750 KB of stack. */
void test_main(void) {
  CHECK(recurse(700) == 700 * 701 / 2, "sum");
  CHECK(recurse(700) == 700 * 701 / 2, "sum again");
}
