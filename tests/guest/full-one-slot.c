/* TEST: With a single slot of swap a child that fills memory is killed, again and again; its parent, and a modest
         child each time, are unharmed.
   ROUNDS: 100
   POOL: 48
   SWAP: 0.00390625
   ALLOW: full-one-slot: out of memory: no frame can be freed .* */
#include "tests/guest/lib/full.h"

#define MODEST 8

/* Fills a few pages and checks them. */
static int use_little(char *counted) {
  fill_pages(counted + PAGE, MODEST, 2);
  check_pages(counted + PAGE, MODEST, 2);
  return 5;
}

/* One who wants all, one who wants little. */
static void use_up(void) {
  char *counted = full_map(200);
  must_die(full_fill, counted, "filling all frames");
  CHECK(full_count(counted) >= MODEST, "%u pages could be filled", full_count(counted));
  CHECK_IS(run_child(use_little, counted), 5);
  CHECK_IS(vm_unmap(counted, 201 * PAGE), VM_OK);
}

/* All. */
void test_main(void) {
  full_rounds(use_up);
}
