/* TEST: Three processes use malloc in a pool of 40 frames at once; their pieces keep their content.
   POOL: 40
   SWAP: 4
   STRESS: takes minutes */
#include <stdlib.h>
#include "tests/guest/lib/memory.h"

#define PIECES 200
#define CALLS  500

/* Frees and makes pieces full of a pattern. */
static int work(char *seed) {
  char *pieces[PIECES] = {0};
  unsigned sizes[PIECES];
  uint32_t state = 77u + (uint8_t)*seed;
  for (unsigned i = 0; i < CALLS; i++) {
    unsigned k = next_random(&state) % PIECES;
    if (pieces[k] != NULL && !pattern_is(pieces[k], sizes[k], k, (uint8_t)*seed)) return 101;
    free(pieces[k]);
    sizes[k] = next_random(&state) % 2000;
    pieces[k] = malloc(sizes[k]);
    if (pieces[k] == NULL) return 102;
    pattern_fill(pieces[k], sizes[k], k, (uint8_t)*seed);
  }
  malloc_check();
  for (unsigned k = 0; k < PIECES; k++) free(pieces[k]);
  return malloc_check() < 0x20000 ? *seed : 103;
}

/* Three at once. */
void test_main(void) {
  char seeds[] = {1, 2, 3};
  pid_t children[3];
  for (int i = 0; i < 3; i++) children[i] = start_child(work, &seeds[i]);
  for (int i = 0; i < 3; i++) CHECK_IS(wait(children[i]), seeds[i]);
}
