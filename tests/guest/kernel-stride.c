/* TEST: Programs that touch every page, one in every 16 and one in every 1,024 until there is no memory: records, entries
   and page tables get their memory by eviction, so that this ends only with swap or with a share of the frames.
   SWAP: 256
   ALLOW: ^kernel-stride: out of memory: .*$
   BATTERY: each of the many pages is evicted. */
#include <stdlib.h>
#include "tests/guest/lib/memory.h"

#define LENGTH 0x60000000u

/* What must be reached. */
static const struct { unsigned stride, pages; } figures[] = {{1024, 192}, {16, 6000}, {1, 50000}};

/* How many pages a child touches at distances of STRIDE pages before it is killed; at most MOST. */
static unsigned touch(unsigned stride, unsigned most) {
  unsigned *count = (unsigned *)map_shared(1);
  pid_t child = fork();
  if (child == 0) {
    char *memory = map_anonymous(LENGTH / PAGE);
    for (unsigned page = 0; page < LENGTH / PAGE && *count < most; page += stride, ++*count)
      *PAGE_AT(memory, page) = 1;
    exit(0);
  }
  wait(child);
  return *count;
}

void test_main(void) {
  for (unsigned i = 0; i < sizeof figures / sizeof *figures; i++) {
    unsigned pages = touch(figures[i].stride, 2 * figures[i].pages);
    CHECK(pages >= figures[i].pages, "one page in every %u: %u pages", figures[i].stride, pages);
    msg("one page in every %u: %u pages", figures[i].stride, pages);
  }
}
