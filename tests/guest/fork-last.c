/* TEST: Of a page shared by three processes after fork, the last one that is left writes without
         copying.
   SWAP: 0 */
#include "tests/guest/lib/memory.h"

#define PAGES 50

static volatile char *stage;

/* Holds the pages until told. */
static int hold(char *unused) {
  (void)unused;
  while (*stage == 0) yield();
  return 1;
}

/* Copies this process made while writing to PAGES pages of MEMORY. */
static unsigned count_copies(char *memory, unsigned version) {
  unsigned before = figures_all().faults_cow;
  fill_pages(memory, PAGES, version);
  return figures_all().faults_cow - before;
}

/* Writes what is shared with the others. */
static int copy(char *memory) {
  unsigned copies = count_copies(memory, 2);
  CHECK(copies >= PAGES && copies <= PAGES + 5, "the first must copy: %u", copies);
  return 2;
}

/* Two children, then none. */
void test_main(void) {
  char *memory = map_anonymous(PAGES);
  stage = map_shared(1);
  fill_pages(memory, PAGES, 1);
  pid_t one = start_child(hold, NULL), two = start_child(copy, memory);
  CHECK_IS(wait(two), 2);
  *stage = 1;
  CHECK_IS(wait(one), 1);
  check_pages(memory, PAGES, 1);
  unsigned copies = count_copies(memory, 3);
  CHECK(copies <= 2, "the last must not copy: %u", copies);
  check_pages(memory, PAGES, 3);
}
