/* TEST: Ids of mappings are unique within the process; munmap of anything else does nothing.
   POOL: 48 */
#include "tests/guest/lib/memory.h"

#define COUNT 60

static int ids[COUNT];

/* Makes many mappings of one file and unmaps them crosswise. */
void test_main(void) {
  make_file("file", PAGE + 1, 1);
  for (int i = 0; i < COUNT; i++) {
    ids[i] = map_file("file", PLACE + i * 2 * PAGE);
    for (int k = 0; k < i; k++) CHECK(ids[i] != ids[k], "mappings %d and %d have one id", i, k);
  }
  munmap(0);
  munmap(-1);
  munmap(ids[COUNT - 1] + 1000);
  munmap(0x7fffffff);
  for (int i = 0; i < COUNT; i += 2) munmap(ids[i]);
  for (int i = 0; i < COUNT; i += 2) munmap(ids[i]);
  for (int i = 1; i < COUNT; i += 2)
    CHECK(pattern_is(PLACE + i * 2 * PAGE, PAGE + 1, 0, 1), "mapping %d must still be there", i);
  must_die(read_byte, PLACE, "reading an unmapped mapping");
  must_die(read_byte, PLACE + (COUNT - 2) * 2 * PAGE, "reading an unmapped mapping");
  ids[0] = map_file("file", PLACE);
  for (int i = 1; i < COUNT; i += 2) CHECK(ids[0] != ids[i], "id of a living mapping");
}
