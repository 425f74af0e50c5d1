/* TEST: Four processes compute at once in a pool that is too small for one; each gets its own data
         right.
   PUT: vm-worker
   POOL: 48
   SWAP: 4 */
#include <stdio.h>
#include <syscall.h>
#include "tests/guest/lib/test.h"

#define CHILDREN 4

/* Starts all, then waits for all. */
void test_main(void) {
  int children[CHILDREN];
  for (int i = 0; i < CHILDREN; i++) {
    char command[32];
    snprintf(command, sizeof command, "vm-worker 100 4 %d", i + 10);
    children[i] = exec(command);
    CHECK(children[i] != -1, "child %d starts", i);
  }
  for (int i = 0; i < CHILDREN; i++) {
    int status = wait(children[i]);
    CHECK(status == i + 10, "child %d ends with %d", i, status);
  }
}
