/* TEST: With -oom=faulting who wants a page when memory is out ends, however small it is; the one that has most goes on;
         again and again.
   ROUNDS: 10
   POOL: 64
   SWAP: 0.25
   KERNEL: -oom=faulting
   OUTPUT: ^oom-faulting: out of memory: [^;]*$
   ABSENT: gives back the most */
#include "tests/guest/lib/full.h"

#define SPARE 16 /* Pages that the large one leaves. */

/* On a page that all share. */
struct stage {
  volatile unsigned filled, done;
};

static struct stage *stage;
static unsigned fit;

/* Fills most of memory and keeps it. */
static int keep_most(char *memory) {
  fill_pages(memory, fit - SPARE, 1);
  stage->filled = 1;
  while (stage->done == 0) sleep_ms(5);
  check_pages(memory, fit - SPARE, 1);
  return 5;
}

/* Wants what is left, and more. */
static int want(char *memory) {
  fill_pages(memory, 2 * SPARE, 2);
  return 6;
}

/* One each. */
static void use_up(void) {
  char *counted = full_map(200);
  stage = (struct stage *)map_shared(1);
  fit = full_measure(counted);
  pid_t large = start_child(keep_most, counted + PAGE);
  while (stage->filled == 0) sleep_ms(1);
  must_die(want, counted + PAGE, "wanting more than is left");
  stage->done = 1;
  CHECK_IS(wait(large), 5);
  CHECK_IS(vm_unmap(stage, PAGE), VM_OK);
  CHECK_IS(vm_unmap(counted, 201 * PAGE), VM_OK);
}

/* All. */
void test_main(void) {
  full_rounds(use_up);
}
