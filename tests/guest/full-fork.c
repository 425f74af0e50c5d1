/* TEST: A process forks when frames and slots are almost full, and both write to all they have: just one
         of the two is killed, the other ends with its content; when they are full fork fails and harms
         nobody; again and again.
   BATTERY: a hundred rounds take seconds
   ROUNDS: 100
   POOL: 40
   SWAP: 0.125
   ALLOW: full-fork: out of memory: no frame can be freed .* */
#include "tests/guest/lib/full.h"

#define SPARE 12

static unsigned fit;

/* Writes to all pages and checks them. */
static int rewrite(char *memory) {
  check_pages(memory, fit - SPARE, 1);
  fill_pages(memory, fit - SPARE, 2);
  check_pages(memory, fit - SPARE, 2);
  return 6;
}

/* Fills most of memory and forks.  What came of the child is told on the page that counts. */
static int fork_full(char *counted) {
  char *memory = counted + PAGE;
  fill_pages(memory, fit - SPARE, 1);
  volatile int *outcome = (volatile int *)counted;
  *outcome = 0;
  pid_t child = fork();
  if (child == PID_ERROR) return 7;
  if (child == 0) exit(*outcome = rewrite(memory));
  rewrite(memory);
  int status = wait(child);
  CHECK(status == -1, "both had room: %d", status);
  return 6;
}

/* Fills page after page and forks after each, until that is refused, which comes before it is killed. */
static int fork_last(char *counted) {
  for (unsigned i = 0;; i++) {
    page_fill(PAGE_AT(counted, i + 1), i, 1);
    if (i + SPARE < fit) continue;
    pid_t child = fork();
    if (child == 0) exit(6);
    if (child == PID_ERROR) {
      check_pages(counted + PAGE, i + 1, 1);
      return 5;
    }
    int status = wait(child);
    CHECK(status == 6 || status == -1, "the child ended with %d", status);
  }
}

/* The parent or the child ends well, not both and not none. */
static void use_up(void) {
  char *counted = full_map(200);
  fit = full_measure(counted);
  int status = run_child(fork_full, counted);
  while (status == -1 && *(volatile int *)counted == 0) sleep_ms(1);
  int outcome = *(volatile int *)counted;
  CHECK((status == 6 && outcome == 0) || (status == -1 && outcome == 6), "parent %d, child %d",
        status, outcome);
  CHECK_IS(run_child(fork_last, counted), 5);
  CHECK_IS(vm_unmap(counted, 201 * PAGE), VM_OK);
}

/* All. */
void test_main(void) {
  full_rounds(use_up);
}
