/* TEST: Dirty data three times the size of the pool survives reads and writes in random order.
   POOL: 64
   STRESS: takes minutes */
#include <stdio.h>
#include <syscall.h>
#include "tests/guest/lib/pages.h"
#include "tests/guest/lib/test.h"

#define PAGES 192
#define STEPS 3000

static char memory[PAGES * PAGE];
static unsigned char version[PAGES]; /* 0: never written. */

/* Rewrites or checks a random page, STEPS times; then checks all. */
void test_main(void) {
  uint32_t state = 12345;
  for (int step = 0; step < STEPS; step++) {
    uint32_t page = next_random(&state) % PAGES;
    if (version[page] == 0)
      CHECK(memory_is_zero(memory + page * PAGE, PAGE), "page %u is zero in step %d", page, step);
    else
      CHECK(page_verify(memory + page * PAGE, page, version[page]), "page %u in step %d", page,
            step);
    if (next_random(&state) % 2 == 0) page_fill(memory + page * PAGE, page, ++version[page]);
  }
  for (uint32_t page = 0; page < PAGES; page++)
    CHECK(version[page] == 0 || page_verify(memory + page * PAGE, page, version[page]),
          "page %u at the end", page);
}
