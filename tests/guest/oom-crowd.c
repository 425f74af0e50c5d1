/* TEST: In a crowd of a parent and its children, who have nearly the same, the one ends that wants a page when memory is
         out, and not the parent, which has a little more; a parent that has much more ends; just one for one
         shortage, and nobody else; again and again.
   ROUNDS: 10
   POOL: 64
   SWAP: 0.25
   OUTPUT: ^oom-crowd: out of memory: .* */
#include "tests/guest/lib/full.h"

#define CHILDREN 4
#define LITTLE   3  /* Pages that a parent has more than each of its children, or */
#define MUCH     30 /* so many. */
#define LEFT     4  /* Pages that are left for who wants more. */

/* On a page that all share. */
struct stage {
  volatile unsigned filled, go, done, ended;
};

static struct stage *stage;
static unsigned part, more; /* Pages of each child, and of the parent besides. */
static char *memory;

/* Has its part, and keeps it; the last wants more when all have theirs. */
static int child(unsigned number) {
  fill_pages(memory, part, number);
  stage->filled++;
  while (stage->go == 0) sleep_ms(1);
  if (number == CHILDREN - 1)
    for (unsigned i = part; stage->done == 0 && i < part + 4 * LEFT; i++)
      page_fill(PAGE_AT(memory, i), i, number);
  while (stage->done == 0) sleep_ms(1);
  check_pages(memory, part, number);
  stage->ended++;
  return 5;
}

/* The parent of all. */
static int parent(char *unused) {
  (void)unused;
  pid_t children[CHILDREN];
  for (unsigned i = 0; i < CHILDREN; i++) {
    children[i] = fork();
    if (children[i] == 0) exit(child(i));
    while (stage->filled == i) sleep_ms(1);
  }
  fill_pages(memory, part + more, 9);
  stage->go = 1;
  CHECK_IS(wait(children[CHILDREN - 1]), -1);
  stage->done = 1;
  for (unsigned i = 0; i < CHILDREN - 1; i++) CHECK_IS(wait(children[i]), 5);
  check_pages(memory, part + more, 9);
  return 6;
}

/* A crowd whose parent has MORE pages than each child; how it ended. */
static int run_crowd(unsigned fit, unsigned parent_more) {
  *stage = (struct stage){0};
  more = parent_more;
  part = (fit - LEFT - more) / (CHILDREN + 1);
  int status = run_child(parent, NULL);
  stage->done = 1;
  return status;
}

/* Both. */
static void use_up(void) {
  char *counted = full_map(200);
  memory = counted + PAGE;
  stage = (struct stage *)map_shared(1);
  unsigned fit =
      full_measure(counted) - 2 * CHILDREN; /* Each has some pages of its stack and data. */
  CHECK_IS(run_crowd(fit, LITTLE), 6);
  CHECK_IS(stage->ended, CHILDREN - 1);
  CHECK_IS(run_crowd(fit, MUCH), -1);
  while (stage->ended < CHILDREN) sleep_ms(1);
  CHECK_IS(vm_unmap(stage, PAGE), VM_OK);
  CHECK_IS(vm_unmap(counted, 201 * PAGE), VM_OK);
}

/* All. */
void test_main(void) {
  full_rounds(use_up);
}
