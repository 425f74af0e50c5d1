/* TEST: Of two that share nearly all memory since fork neither has much of its own, yet one of them ends when they write to
         it, and not a small one that has more of its own; the other goes on with its content; again and again.
   ROUNDS: 10
   POOL: 300
   SWAP: 0
   ALLOW: swap: .*
   OUTPUT: ^oom-family: out of memory: .*; it gives back the most, [0-9]+ pages$ */
#include "tests/guest/lib/full.h"

#define SMALL 28 /* Pages of the small one. */
#define SPARE 12 /* That are left for copies. */

/* On a page that all share. */
struct stage {
  volatile unsigned kept, filled, done;
  volatile int outcome;
};

static struct stage *stage;
static unsigned fit;

/* Has a few pages and keeps them. */
static int keep(char *memory) {
  fill_pages(memory, SMALL, 3);
  stage->kept = 1;
  while (stage->done == 0) sleep_ms(5);
  check_pages(memory, SMALL, 3);
  return 6;
}

/* Writes to all pages and checks them. */
static int rewrite(char *memory, unsigned pages) {
  check_pages(memory, pages, 1);
  fill_pages(memory, pages, 2);
  check_pages(memory, pages, 2);
  return 5;
}

/* Shares all that it has with a child; one of the two ends well. */
static int share(char *memory) {
  unsigned pages = fit - SMALL - SPARE;
  while (stage->kept == 0) sleep_ms(1);
  fill_pages(memory, pages, 1);
  pid_t child = fork();
  CHECK(child != PID_ERROR, "fork");
  if (child == 0) exit(stage->outcome = rewrite(memory, pages));
  rewrite(memory, pages);
  CHECK_IS(wait(child), -1);
  return 7;
}

/* The family, and the small one. */
static void use_up(void) {
  char *counted = full_map(400);
  stage = (struct stage *)map_shared(1);
  fit = full_measure(counted);
  pid_t small = start_child(keep, counted + PAGE), parent = start_child(share, counted + PAGE);
  int status = wait(parent);
  while (status == -1 && stage->outcome == 0) sleep_ms(1);
  CHECK((status == 7 && stage->outcome == 0) || (status == -1 && stage->outcome == 5),
        "parent %d, child %d", status, stage->outcome);
  stage->done = 1;
  CHECK_IS(wait(small), 6);
  CHECK_IS(vm_unmap(stage, PAGE), VM_OK);
  CHECK_IS(vm_unmap(counted, 401 * PAGE), VM_OK);
}

/* All. */
void test_main(void) {
  full_rounds(use_up);
}
