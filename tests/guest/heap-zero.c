/* TEST: Heap that was given back is zero when it comes again: whole pages and parts of one, in
         memory or paged out.
   POOL: 32 */
#include <string.h>
#include "tests/guest/lib/memory.h"

#define SIZE (20 * PAGE)

/* Gives back from CUT bytes on and takes it again, after paging it out if AWAY. */
static void cycle(char *start, unsigned cut, bool away) {
  memset(start, 'x', SIZE);
  if (away) push_out();
  CHECK_IS(sbrk(-(intptr_t)(SIZE - cut)), start + SIZE);
  CHECK_IS(sbrk((intptr_t)(SIZE - cut)), start + cut);
  if (away) push_out();
  for (unsigned i = 0; i < cut; i++) CHECK(start[i] == 'x', "byte %u must stay", i);
  CHECK(memory_is_zero(start + cut, SIZE - cut), "all from %u on must be zero", cut);
}

/* Cuts at pages and within. */
void test_main(void) {
  char *start = sbrk(SIZE);
  const unsigned cuts[] = {0, 1, 100, PAGE - 1, PAGE, PAGE + 1, 7 * PAGE + 2000, SIZE - 1};
  for (unsigned i = 0; i < sizeof cuts / sizeof *cuts; i++) {
    cycle(start, cuts[i], false);
    cycle(start, cuts[i], true);
  }
}
