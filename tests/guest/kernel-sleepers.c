/* TEST: A chain of processes, each of which makes the next and sleeps until that has ended, in 4 MB: what a sleeping
   process needs of the kernel is little, and comes from its own pages and those of the others.
   SWAP: 256
   STRESS: checks of a hundred processes at every step
   BATTERY: more than 120 processes in 4 MB */
#include <stdlib.h>
#include "tests/guest/lib/memory.h"

#define LEAST 120
#define MOST  1200

/* Makes the next process of the chain, until none can be made; *DEPTH counts them. */
static void sleep_in_chain(unsigned *depth) {
  while (*depth < MOST) {
    pid_t child = fork();
    if (child == PID_ERROR) exit(0);
    if (child != 0) {
      wait(child);
      exit(0);
    }
    ++*depth;
  }
}

void test_main(void) {
  unsigned *depth = (unsigned *)map_shared(1);
  pid_t child = fork();
  if (child == 0) {
    sleep_in_chain(depth);
    exit(0);
  }
  wait(child);
  msg("%u processes sleep at once", *depth);
  CHECK(*depth >= LEAST, "only %u processes sleep at once", *depth);
}
