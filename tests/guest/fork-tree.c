/* TEST: A tree of 15 processes made by fork writes private and shared pages in a pool of 48 frames;
         each sees its own and what its ancestors left.
   POOL: 48
   SWAP: 4 */
#include "tests/guest/lib/memory.h"

#define DEPTH 3
#define PAGES 12

static char *shared;
static char *private;

/* Node NUMBER (1 is the root, children are 2n and 2n+1) at DEPTH levels above the leaves. */
static int grow_tree(unsigned number, unsigned depth) {
  for (unsigned i = 0; i < PAGES; i++)
    if (!page_verify(PAGE_AT(private, i), i, number / 2)) return 1;
  fill_pages(private, PAGES, number);
  page_fill(PAGE_AT(shared, number), number, 5);
  pid_t children[2] = {0, 0};
  for (unsigned i = 0; i < 2 && depth > 0; i++) {
    children[i] = fork();
    if (children[i] == PID_ERROR) return 2;
    if (children[i] == 0) exit(grow_tree(2 * number + i, depth - 1));
  }
  int status = 7;
  for (unsigned i = 0; i < 2 && depth > 0; i++)
    if (wait(children[i]) != 7) status = 3;
  for (unsigned i = 0; i < PAGES; i++)
    if (!page_verify(PAGE_AT(private, i), i, number)) return 4;
  return status;
}

/* The root, and then what all left in shared memory. */
void test_main(void) {
  shared = map_shared(2 << DEPTH);
  private = map_anonymous(PAGES);
  fill_pages(private, PAGES, 0);
  CHECK_IS(grow_tree(1, DEPTH), 7);
  for (unsigned i = 1; i < 2 << DEPTH; i++)
    CHECK(page_verify(PAGE_AT(shared, i), i, 5), "node %u left nothing", i);
}
