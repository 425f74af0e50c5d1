/* TEST: Of several that fill memory together just the largest ends for one shortage, whoever met it; the others, which
         wait meanwhile, go on with all that they wrote, and so does one that shares most of what it has; again and again.
   ROUNDS: 10
   POOL: 64
   SWAP: 0.25
   OUTPUT: ^oom-hogs: out of memory: .*; it gives back the most, [0-9]+ pages$ */
#include "tests/guest/lib/full.h"

#define HOGS    4
#define LARGEST 2 /* Which of them. */
#define EXTRA                                                                                      \
  16 /* Pages that it has more than others, also when those have taken all that they want. */
#define AT_ONCE                                                                                    \
  6 /* Pages that each takes at the end; all but one of them fit when the largest is gone. */

/* On a page that all share. */
struct stage {
  volatile unsigned next, filled, go, taken;
};

static struct stage *stage;
static unsigned fit;

/* Fills its part when it is its turn, so that memory is almost full after the last; then all want more at once. */
static int fill_part(char *memory) {
  unsigned number = stage->next++, part = fit / HOGS - 7;
  if (number == LARGEST) part += EXTRA;
  fill_pages(memory, part, 1);
  stage->filled++;
  while (stage->go == 0) yield();
  fill_pages(PAGE_AT(memory, part), AT_ONCE, 1);
  stage->taken++;
  while (stage->taken < HOGS - 1) yield(); /* None ends before all have wanted theirs. */
  check_pages(memory, part, 1);
  for (unsigned i = 0; i < AT_ONCE; i++)
    CHECK(page_verify(PAGE_AT(memory, part + i), i, 1), "page %u of those at the end", i);
  return number == LARGEST ? 8 : 5;
}

/* All at once. */
static void use_up(void) {
  char *counted = full_map(400);
  stage = (struct stage *)map_shared(1);
  fit = full_measure(counted);
  pid_t hogs[HOGS];
  for (unsigned i = 0; i < HOGS; i++) {
    hogs[i] = start_child(fill_part, counted + PAGE);
    while (stage->filled == i) sleep_ms(1);
  }
  stage->go = 1;
  for (unsigned i = 0; i < HOGS; i++) CHECK_IS(wait(hogs[i]), i == LARGEST ? -1 : 5);
  CHECK_IS(vm_unmap(stage, PAGE), VM_OK);
  CHECK_IS(vm_unmap(counted, 401 * PAGE), VM_OK);
}

/* All. */
void test_main(void) {
  full_rounds(use_up);
}
