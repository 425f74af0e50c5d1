/* TEST: A merge sort over four times the memory of the pool gives sorted data, every number once.
   POOL: 64
   STRESS: takes minutes */
#include <stdint.h>
#include <stdio.h>
#include <syscall.h>
#include "tests/guest/lib/pages.h"
#include "tests/guest/lib/test.h"

#define COUNT (128 * 1024)

static uint32_t numbers[COUNT], scratch[COUNT];

/* Merges the sorted runs FROM[first, middle) and FROM[middle, last) into TO. */
static void merge(uint32_t *to, const uint32_t *from, const uint32_t limits[3]) {
  uint32_t left = limits[0], right = limits[1];
  for (uint32_t i = limits[0]; i < limits[2]; i++) {
    bool take_left = right == limits[2] || (left < limits[1] && from[left] <= from[right]);
    to[i] = take_left ? from[left++] : from[right++];
  }
}

/* Sorts the 2^17 numbers bottom up; the result stands in numbers or scratch, as returned. */
static uint32_t *sort(void) {
  uint32_t *from = numbers, *to = scratch;
  for (uint32_t width = 1; width < COUNT; width *= 2) {
    for (uint32_t first = 0; first < COUNT; first += 2 * width) {
      const uint32_t limits[3] = {first, first + width, first + 2 * width};
      merge(to, from, limits);
    }
    uint32_t *swap = from;
    from = to;
    to = swap;
  }
  return from;
}

/* Sorts a permutation of 0 to COUNT-1. */
void test_main(void) {
  for (uint32_t i = 0; i < COUNT; i++) numbers[i] = (i * 69069u + 12345) % COUNT;
  const uint32_t *sorted = sort();
  for (uint32_t i = 0; i < COUNT; i++)
    CHECK(sorted[i] == i, "place %u holds %u", (unsigned)i, (unsigned)sorted[i]);
}
