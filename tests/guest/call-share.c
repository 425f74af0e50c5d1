/* TEST: n processes of one program hold one copy of its text and clean data; the zero page is shared
         until it is written.
   PUT: call-sharer
   POOL: 300
   STRESS: pages that leave at every chance take other frames */
#include "tests/guest/lib/memory.h"

#define COPIES 4

/* Starts a copy that stays, and waits until it has read all its text; the frames it took. */
static unsigned start_copy(volatile unsigned *ready, pid_t *child) {
  unsigned count = *ready, before = figures_all().frames_free;
  *child = spawn("call-sharer");
  while (*ready == count) yield();
  return before - figures_all().frames_free;
}

/* 120 pages of text and constants, 60 of zeroes. */
void test_main(void) {
  pid_t children[COPIES];
  CHECK(create("ready", 8), "create");
  map_file("ready", PLACE);
  volatile unsigned *ready = (unsigned *)PLACE;
  unsigned first = start_copy(ready, &children[0]);
  CHECK(first >= 120, "the first copy must hold its text: %u frames", first);
  for (int i = 1; i < COPIES; i++) {
    unsigned more = start_copy(ready, &children[i]);
    CHECK(more <= 6, "copy %d took %u frames", i + 1, more);
  }
  ready[1] = 1;
  for (int i = 0; i < COPIES; i++) CHECK_IS(wait(children[i]), 9);
  char *zeroes = map_anonymous(200);
  unsigned before = figures_all().frames_free;
  CHECK(memory_is_zero(zeroes, 200 * PAGE), "zeroes");
  CHECK(figures_all().frames_free + 3 >= before, "reading zeroes must take no frame");
  *zeroes = 1;
  CHECK(memory_is_zero(zeroes + PAGE, 199 * PAGE), "only the page that is written changes");
  CHECK(figures_all().frames_free + 4 >= before, "writing one takes one frame");
}
