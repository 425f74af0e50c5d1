/* TEST: Dirty data four times the size of the pool survives linear passes.
   POOL: 64 */
#include <stdio.h>
#include <syscall.h>
#include "tests/guest/lib/pages.h"
#include "tests/guest/lib/test.h"

#define PAGES 256

static char memory[PAGES * PAGE];

/* Writes, checks, and writes anew, forwards and backwards. */
void test_main(void) {
  for (unsigned page = 0; page < PAGES; page++) page_fill(memory + page * PAGE, page, 1);
  for (unsigned page = 0; page < PAGES; page++)
    CHECK(page_verify(memory + page * PAGE, page, 1), "page %u, first pass", page);
  for (unsigned page = PAGES; page-- > 0;) page_fill(memory + page * PAGE, page, 2);
  for (unsigned page = PAGES; page-- > 0;)
    CHECK(page_verify(memory + page * PAGE, page, 2), "page %u, second pass", page);
  for (unsigned page = 0; page < PAGES; page++)
    CHECK(page_verify(memory + page * PAGE, page, 2), "page %u, third pass", page);
}
