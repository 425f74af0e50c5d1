/* HELPER: child-mapper ROUNDS maps "file" elsewhere than its partner in map-two and answers it. */
#include <stdlib.h>
#include "tests/guest/lib/memory.h"

/* Waits for its turn in each round. */
int main(int argc, char *argv[]) {
  test_name = "child-mapper";
  map_file("file", PLACE2);
  volatile uint32_t *turn = (volatile uint32_t *)PLACE2;
  unsigned rounds = argc > 1 ? (unsigned)atoi(argv[1]) : 0;
  for (unsigned round = 0; round < rounds; round++) {
    volatile uint32_t *word = (volatile uint32_t *)PAGE_AT(PLACE2, 1 + round);
    while (*turn != 2 * round + 1) yield();
    if (word[5] != round) return 1;
    word[6] = round * 3;
    *turn = 2 * round + 2;
  }
  return 9;
}
