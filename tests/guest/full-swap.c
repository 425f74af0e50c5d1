/* TEST: When frames and slots are full the process that wants more is killed; one that wants all but a
         little works on it, gives half back and uses it again; again and again.
   ROUNDS: 100
   POOL: 40
   SWAP: 0.125
   ALLOW: full-swap: out of memory: no frame can be freed .* */
#include "tests/guest/lib/full.h"

#define SPARE 12 /* Pages that are left free. */

static unsigned fit;

/* Works on all but a few of the pages that fit, then gives half up and takes as many others. */
static int use_most(char *counted) {
  unsigned pages = fit - SPARE, half = pages / 2;
  char *memory = counted + PAGE;
  fill_pages(memory, pages, 2);
  check_pages(memory, pages, 2);
  CHECK_IS(vm_unmap(memory, half * PAGE), VM_OK);
  char *more = map_anonymous(half);
  fill_pages(more, half, 3);
  for (unsigned i = half; i < pages; i++)
    CHECK(page_verify(PAGE_AT(memory, i), i, 2), "page %u of %u", i, pages);
  check_pages(more, half, 3);
  return 5;
}

/* Too much, then most. */
static void use_up(void) {
  char *counted = full_map(200);
  fit = full_measure(counted);
  CHECK(fit > 2 * SPARE, "%u pages fit", fit);
  CHECK_IS(run_child(use_most, counted), 5);
  CHECK_IS(vm_unmap(counted, 201 * PAGE), VM_OK);
}

/* All. */
void test_main(void) {
  full_rounds(use_up);
}
