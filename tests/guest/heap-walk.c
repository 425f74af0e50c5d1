/* TEST: Three heaps grow and shrink at random at once, with far less memory than they need; each
         keeps its own content.
   POOL: 40
   SWAP: 4 */
#include "tests/guest/lib/memory.h"

#define PAGES_MAX 120
#define STEPS     60
#define CHILDREN  3

/* Grows by random pages and fills them, or checks some and gives them back. */
static int walk(char *seed) {
  uint32_t random = 7u + (uint8_t)*seed;
  char *start = sbrk(0);
  start =
      (char *)sbrk((intptr_t)(PAGE - (uintptr_t)start % PAGE)) + (PAGE - (uintptr_t)start % PAGE);
  unsigned pages = 0;
  for (unsigned step = 0; step < STEPS; step++) {
    unsigned count = next_random(&random) % 40;
    if (next_random(&random) % 2 && pages + count <= PAGES_MAX) {
      if (sbrk((intptr_t)(count * PAGE)) != PAGE_AT(start, pages)) return 101;
      for (unsigned i = pages; i < pages + count; i++) {
        if (!memory_is_zero(PAGE_AT(start, i), PAGE)) return 102;
        page_fill(PAGE_AT(start, i), i, (uint8_t)*seed);
      }
      pages += count;
    } else if (count <= pages) {
      for (unsigned i = pages - count; i < pages; i++)
        if (!page_verify(PAGE_AT(start, i), i, (uint8_t)*seed)) return 103;
      if (sbrk(-(intptr_t)(count * PAGE)) != PAGE_AT(start, pages)) return 104;
      pages -= count;
    }
  }
  return *seed;
}

/* Three at once. */
void test_main(void) {
  char seeds[CHILDREN] = {1, 2, 3};
  pid_t children[CHILDREN];
  for (int i = 0; i < CHILDREN; i++) children[i] = start_child(walk, &seeds[i]);
  for (int i = 0; i < CHILDREN; i++) CHECK_IS(wait(children[i]), seeds[i]);
}
