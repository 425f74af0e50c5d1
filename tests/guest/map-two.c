/* TEST: Two processes that map one file see each other's writes at once, also while pages leave.
   POOL: 32
   PUT: child-mapper */
#include "tests/guest/lib/memory.h"

#define ROUNDS 40

/* The mapped words: whose turn it is, and a page for each round. */
static volatile uint32_t *turn(void) {
  return (volatile uint32_t *)PLACE;
}

/* Writes a page in a round, and lets the child answer in it. */
static void play(unsigned round) {
  volatile uint32_t *word = (volatile uint32_t *)PAGE_AT(PLACE, 1 + round);
  word[5] = round;
  *turn() = 2 * round + 1;
  while (*turn() != 2 * round + 2) yield();
  CHECK(word[6] == round * 3, "the child's answer in round %u is %u", round, (unsigned)word[6]);
}

/* The child is a program of its own. */
void test_main(void) {
  CHECK(create("file", (1 + ROUNDS) * PAGE), "create");
  map_file("file", PLACE);
  pid_t child = spawn("child-mapper %d", ROUNDS);
  for (unsigned round = 0; round < ROUNDS; round++) play(round);
  CHECK_IS(wait(child), 9);
}
