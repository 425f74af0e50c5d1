/* HELPER: vm-worker PAGES PASSES STATUS fills PAGES pages, checks and refills them PASSES times and
   ends with STATUS, or with 99 if something was wrong. */
#include <stdlib.h>
#include <syscall.h>
#include "tests/guest/lib/pages.h"

#define PAGES_MAX 600

static char memory[PAGES_MAX * PAGE];

/* Does the work. */
int main(int argc, char *argv[]) {
  if (argc != 4) return 98;
  unsigned pages = atoi(argv[1]), passes = atoi(argv[2]), status = atoi(argv[3]);
  if (pages > PAGES_MAX || !memory_is_zero(memory, pages * PAGE)) return 97;
  for (unsigned page = 0; page < pages; page++) page_fill(memory + page * PAGE, page + status, 0);
  for (unsigned pass = 0; pass < passes; pass++)
    for (unsigned page = 0; page < pages; page++) {
      if (!page_verify(memory + page * PAGE, page + status, pass)) return 99;
      page_fill(memory + page * PAGE, page + status, pass + 1);
    }
  return status;
}
