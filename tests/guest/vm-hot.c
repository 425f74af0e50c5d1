/* TEST: Pages in steady use stay in memory while three times the pool streams past them: the policy
         looks at what was accessed.
   POOL: 64
   STRESS: it counts faults, of which stress makes many */
#include <stdio.h>
#include "tests/guest/lib/figures.h"
#include "tests/guest/lib/pages.h"
#include "tests/guest/lib/test.h"

#define HOT    16
#define STREAM 200

static char hot[HOT * PAGE], stream[STREAM * PAGE];

/* After each page of the stream touches all hot pages; counts the faults of these. */
void test_main(void) {
  uint32_t faults = 0, sum = 0;
  for (unsigned page = 0; page < HOT; page++) page_fill(hot + page * PAGE, page, 1);
  for (unsigned page = 0; page < STREAM; page++) {
    page_fill(stream + page * PAGE, page, 1);
    uint32_t before = figures_all().faults;
    for (unsigned h = 0; h < HOT; h++) sum += *(volatile char *)(hot + h * PAGE);
    faults += figures_all().faults - before;
  }
  CHECK(faults <= 2 * HOT, "%u faults on pages in steady use (%u)", (unsigned)faults,
        (unsigned)sum);
  for (unsigned page = 0; page < HOT; page++)
    CHECK(page_verify(hot + page * PAGE, page, 1), "page %u", page);
}
