/* TEST: While one process holds all memory that it can get, without swap, another that goes on with
         what it has, its code, constants, a mapped file and a few pages, is not killed and gets on;
         again and again.
   ROUNDS: 100
   POOL: 64
   SWAP: 0
   ALLOW: swap: .*
   ALLOW: full-others: out of memory: no frame can be freed .* */
#include "tests/guest/lib/full.h"

#define FILE_PAGES 12
#define OWN_PAGES  3

/* On a page that all share. */
struct stage {
  volatile unsigned filled, go, done;
};

static unsigned fit;
static char *counted;

/* Fills all but one page of what can be filled, and keeps it until told. */
static int hold_all(char *memory) {
  struct stage *s = (struct stage *)counted;
  while (s->go == 0) sleep_ms(1);
  fill_pages(memory, fit - OWN_PAGES - 1, 1);
  s->filled = 1;
  while (s->done == 0) sleep_ms(5);
  check_pages(memory, fit - OWN_PAGES - 1, 1);
  return 5;
}

/* Has its pages, waits until memory is full, and works on. */
static int go_on(char *own) {
  struct stage *s = (struct stage *)counted;
  map_file("file", PLACE);
  fill_pages(own, OWN_PAGES, 3);
  CHECK(pattern_is(PLACE, FILE_PAGES * PAGE, 0, 1), "the file");
  s->go = 1;
  while (s->filled == 0) sleep_ms(1);
  for (int pass = 0; pass < 3; pass++)
    for (unsigned i = 0; i < FILE_PAGES; i++) {
      CHECK(pattern_is(PAGE_AT(PLACE, i), PAGE, i * PAGE, 1), "page %u of the file", i);
      check_pages(own, OWN_PAGES, 3);
    }
  return 6;
}

/* How much fits, then both at once. */
static void use_up(void) {
  counted = full_map(200);
  must_die(full_fill, counted, "filling all frames");
  fit = full_count(counted);
  *(struct stage *)counted = (struct stage){0};
  pid_t holder = start_child(hold_all, counted + PAGE), other = start_child(go_on, counted + PAGE);
  CHECK_IS(wait(other), 6);
  ((struct stage *)counted)->done = 1;
  CHECK_IS(wait(holder), 5);
  CHECK_IS(vm_unmap(counted, 201 * PAGE), VM_OK);
}

/* All. */
void test_main(void) {
  make_file("file", FILE_PAGES * PAGE, 1);
  full_rounds(use_up);
}
