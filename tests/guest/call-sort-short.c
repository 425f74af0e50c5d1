/* TEST: Six processes sort at once with swap for three: whoever finds no room is killed, the others
         sort right; then one alone does.
   PUT: call-sorter
   POOL: 32
   SWAP: 0.25
   ALLOW: ^call-sorter: .*out of (memory|swap).*$ */
#include "tests/guest/lib/memory.h"

#define CHILDREN 6

/* The mapping needs no swap, the others do. */
void test_main(void) {
  const char *kinds[] = {"stack", "data", "heap", "map", "stack", "heap"};
  pid_t children[CHILDREN];
  int sorted = 0;
  stay_resident();
  for (int i = 0; i < CHILDREN; i++) children[i] = spawn("call-sorter %s %d", kinds[i], 32);
  for (int i = 0; i < CHILDREN; i++) {
    int status = wait(children[i]);
    CHECK(status == 80 || status == -1, "sorting in %s ended with %d", kinds[i], status);
    sorted += status == 80;
  }
  CHECK(sorted >= 1 && sorted < CHILDREN, "%d of %d sorted", sorted, CHILDREN);
  CHECK_IS(run("call-sorter heap 32"), 80);
}
