/* TEST: With little memory and swap, children that need too much are killed or are not made; the
         parent and its content are unharmed, though what its children have copied makes it the largest.
   POOL: 32
   KERNEL: -oom=faulting
   SWAP: 0.75
   ALLOW: ^fork-pressure: .*out of (memory|swap).*$ */
#include "tests/guest/lib/memory.h"

#define PAGES    60
#define CHILDREN 6

/* Writes to everything it inherited, which does not fit six times. */
static int hog(char *memory) {
  char *more = map_anonymous(40);
  fill_pages(memory, PAGES, 2);
  fill_pages(more, 40, 3);
  check_pages(memory, PAGES, 2);
  check_pages(more, 40, 3);
  return 1;
}

/* Hogs in LEFT generations, each of which keeps its memory until the next one has ended: all six cannot fit,
   in whatever order they run.  1, and 1 more if the last was killed or not made. */
static int chain(char *memory, int left) {
  int killed = 0;
  hog(memory);
  if (left > 1) {
    pid_t child = fork();
    if (child == 0) exit(chain(memory, left - 1));
    int status = child == PID_ERROR ? -1 : wait(child);
    CHECK(status == -1 || status == 1 || status == 2, "the next ended with %d", status);
    killed = status != 1;
  }
  check_pages(memory, PAGES, 2);
  return 1 + killed;
}

/* The first generation. */
static int begin_chain(char *memory) {
  return chain(memory, CHILDREN);
}

/* Twice, so that what the first six left can be seen. */
void test_main(void) {
  char *memory = map_anonymous(PAGES);
  fill_pages(memory, PAGES, 1);
  stay_resident();
  for (int round = 0; round < 2; round++) {
    pid_t children[CHILDREN];
    for (int i = 0; i < CHILDREN; i++) {
      children[i] = fork();
      if (children[i] == 0) exit(hog(memory));
    }
    for (int i = 0; i < CHILDREN; i++) {
      int status = children[i] == PID_ERROR ? -1 : wait(children[i]);
      CHECK(status == -1 || status == 1, "child %d ended with %d", i, status);
    }
    check_pages(memory, PAGES, 1);
    CHECK_IS(run_child(begin_chain, memory), 2);
    check_pages(memory, PAGES, 1);
  }
  CHECK_IS(run_child(hog, memory), 1);
}
