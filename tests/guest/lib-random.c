/* TEST: The user library's random numbers depend on the seed alone and look random. */
#include <random.h>
#include <string.h>
#include "tests/guest/lib/test.h"

#define COUNT 20000

/* Same seeds, other seeds, and how often each bit is set. */
void test_main(void) {
  char first[64], second[64];
  unsigned bits[32] = {0};
  random_init(1);
  random_bytes(first, sizeof first);
  random_init(1);
  random_bytes(second, sizeof second);
  CHECK(memcmp(first, second, sizeof first) == 0, "the same seed");
  random_init(2);
  random_bytes(second, sizeof second);
  CHECK(memcmp(first, second, sizeof first) != 0, "another seed");
  for (int i = 0; i < COUNT; i++) {
    unsigned long number = random_ulong();
    for (int bit = 0; bit < 32; bit++) bits[bit] += number >> bit & 1;
  }
  for (int bit = 0; bit < 32; bit++)
    CHECK(bits[bit] > COUNT / 2 - 400 && bits[bit] < COUNT / 2 + 400, "bit %d: %u times", bit,
          bits[bit]);
}
