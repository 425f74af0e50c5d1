/* TEST: A slot is taken only when a page leaves, and freed as soon as it is read back: no page is
         in a frame and in a slot.
   POOL: 64
   STRESS: counts what leaves only when it must */
#include <stdio.h>
#include "tests/guest/lib/figures.h"
#include "tests/guest/lib/pages.h"
#include "tests/guest/lib/test.h"

#define PAGES 120
#define OTHER 24 /* Pages besides those: code, constants, variables, stack. */

static char memory[PAGES * PAGE];

/* Small: no slot; all: each page in one place, whatever is touched. */
void test_main(void) {
  for (unsigned page = 0; page < 20; page++) page_fill(memory + page * PAGE, page, 1);
  CHECK(figures_all().slots_used == 0 && figures_all().swap_writes == 0,
        "no slot while frames are free");
  for (unsigned page = 20; page < PAGES; page++) page_fill(memory + page * PAGE, page, 1);
  uint32_t state = 99;
  for (int step = 0; step < 400; step++) {
    uint32_t page = next_random(&state) % PAGES;
    CHECK(page_verify(memory + page * PAGE, page, 1), "page %u", (unsigned)page);
    struct vm_info now = figures_all();
    CHECK(now.slots_used >= PAGES - 64, "step %d: too few slots (%u)", step,
          (unsigned)now.slots_used);
    CHECK(now.slots_used + now.resident <= PAGES + OTHER, "step %d: %u slots and %u resident pages",
          step, (unsigned)now.slots_used, (unsigned)now.resident);
  }
}
