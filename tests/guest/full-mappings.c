/* TEST: Ten thousand mappings of one page, no two neighbours with the same rights, some of them touched,
         and all unmapped at once; then as many as there is memory for, until one is refused; again and
         again.
   BATTERY: a hundred rounds take seconds
   ROUNDS: 100 */
#include "tests/guest/lib/full.h"

#define COUNT 10000

/* Maps page I at PLACE: every second one for reading only. */
static char *map_one(unsigned i) {
  char *address = PAGE_AT(PLACE, i);
  return vm_map(address, PAGE, i % 2 != 0 ? PROT_READ : READ_WRITE, ANONYMOUS | MAP_FIXED, -1, 0);
}

/* Maps all, looks at a few, unmaps all. */
static void use_up(void) {
  unsigned i = 0;
  for (; i < COUNT; i++) CHECK_IS(map_one(i), PAGE_AT(PLACE, i));
  for (unsigned k = 0; k < COUNT; k += 500) page_fill(PAGE_AT(PLACE, k), k, 1);
  char *address;
  while ((address = map_one(i)) == PAGE_AT(PLACE, i)) i++;
  CHECK_IS(address, VM_ENOMEM);
  for (unsigned k = 0; k < COUNT; k += 500)
    CHECK(page_verify(PAGE_AT(PLACE, k), k, 1), "page %u", k);
  CHECK_IS(vm_unmap(PLACE, (i + 1) * PAGE), VM_OK);
}

/* All. */
void test_main(void) {
  full_rounds(use_up);
}
