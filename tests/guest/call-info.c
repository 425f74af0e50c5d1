/* TEST: vm_info counts this process's faults by kind, and its pages in memory and in swap.
   POOL: 64
   STRESS: pages that leave at every chance come back by more faults */
#include "tests/guest/lib/memory.h"

#define PAGES 20

static struct vm_info last;

/* Whether FIELD grew by COUNT, give or take what the program itself or chance did to a few pages. */
#define GREW(FIELD, COUNT)                                                                         \
  do {                                                                                             \
    struct vm_info now = figures_all();                                                            \
    unsigned by = now.FIELD - last.FIELD;                                                          \
    CHECK(by + 3 >= (COUNT) && by <= (COUNT) + 3, #FIELD " grew by %u, not by %u", by, COUNT);     \
    CHECK(now.faults - last.faults >= by, "all faults: %u", now.faults - last.faults);             \
    last = now;                                                                                    \
  } while (0)

/* Copies in the child what the parent has. */
static int copy(char *memory) {
  last = figures_all();
  fill_pages(memory, PAGES, 2);
  GREW(faults_cow, PAGES);
  return 2;
}

/* Grows the stack by DEPTH pages, one by one; that each knows the one ABOVE keeps the compiler from
   making a loop of it. */
NO_INLINE static int grow_page(unsigned depth, volatile char *above) {
  volatile char page[PAGE];
  page[0] = *above;
  return depth == 0 ? 0 : grow_page(depth - 1, page) + page[0];
}

/* Grows the stack by PAGES pages. */
static int grow_stack(char *unused) {
  (void)unused;
  volatile char one = 1;
  last = figures_all();
  CHECK_IS(grow_page(PAGES, &one), PAGES);
  GREW(faults_stack, PAGES);
  return 3;
}

/* One kind after the other. */
void test_main(void) {
  make_file("file", PAGES * PAGE, 1);
  char *memory = map_anonymous(PAGES);
  last = figures_all();
  fill_pages(memory, PAGES, 1);
  GREW(faults_zero, PAGES);
  CHECK(last.resident >= PAGES && last.swapped <= 10, "%u resident, %u in swap", last.resident,
        last.swapped);
  CHECK_IS(run_child(copy, memory), 2);
  CHECK_IS(run_child(grow_stack, NULL), 3);
  push_out();
  last = figures_all();
  CHECK(last.swapped >= PAGES, "%u pages in swap", last.swapped);
  CHECK_IS(vm_advise(memory, PAGES * PAGE, ADVICE_RANDOM), VM_OK);
  check_pages(memory, PAGES, 1);
  GREW(faults_swap, PAGES);
  map_file("file", PLACE);
  push_out();
  CHECK_IS(vm_advise(PLACE, PAGES * PAGE, ADVICE_RANDOM), VM_OK);
  last = figures_all();
  CHECK(pattern_is(PLACE, PAGES * PAGE, 0, 1), "content");
  GREW(faults_file, PAGES);
  map_file("file", PLACE2);
  last = figures_all();
  CHECK(pattern_is(PLACE2, PAGES * PAGE, 0, 1), "content");
  GREW(faults_cached, PAGES);
}
