/* TEST: Four processes sort at once, each in a pool that holds not even one of them: on the stack, in
         data, on the heap and in a mapping.  With enough swap all end right.
   PUT: call-sorter
   POOL: 24
   SWAP: 2 */
#include "tests/guest/lib/memory.h"

/* One of each kind, twice. */
void test_main(void) {
  const char *kinds[] = {"stack", "data", "heap", "map"};
  pid_t children[4];
  for (int i = 0; i < 4; i++) children[i] = spawn("call-sorter %s %d", kinds[i], 32);
  for (int i = 0; i < 4; i++) {
    int status = wait(children[i]);
    CHECK(status == 80, "sorting in %s ended with %d", kinds[i], status);
  }
}
