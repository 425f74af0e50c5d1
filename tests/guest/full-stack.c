/* TEST: Four processes at once recurse until their stacks are at their limit, and are killed for it, while
         one that stays just below comes back with all it had put there; again and again.
   ROUNDS: 100
   POOL: 64
   SWAP: 2 */
#include "tests/guest/lib/full.h"

#define LIMIT    (128u << 10)
#define CHILDREN 4
#define BLOCK    2048

/* Puts DEPTH blocks on the stack and looks at them on the way back; how many were as they should be. */
static unsigned recurse(unsigned depth) {
  volatile char block[BLOCK];
  block[0] = block[BLOCK - 1] = (char)depth;
  if (depth == 0) return 0;
  unsigned good = recurse(depth - 1);
  return good + (block[0] == (char)depth && block[BLOCK - 1] == (char)depth);
}

/* Without end. */
static int overflow(char *unused) {
  (void)unused;
  return (int)recurse(UINT32_MAX);
}

/* To three quarters of the limit. */
static int stay_below(char *unused) {
  (void)unused;
  return recurse(LIMIT * 3 / 4 / BLOCK) == LIMIT * 3 / 4 / BLOCK ? 5 : 6;
}

/* All at once. */
static void use_up(void) {
  pid_t children[CHILDREN];
  for (int i = 0; i < CHILDREN; i++) children[i] = start_child(overflow, NULL);
  CHECK_IS(run_child(stay_below, NULL), 5);
  for (int i = 0; i < CHILDREN; i++) CHECK_IS(wait(children[i]), -1);
}

/* All. */
void test_main(void) {
  CHECK_IS(setrlimit(LIMIT_STACK, LIMIT), VM_OK);
  full_rounds(use_up);
}
