/* HELPER: checks its initialised data, changes all of it under pressure, checks the change. */
#include <syscall.h>
#include "tests/guest/lib/pages.h"

#define PAGES 64

static unsigned char data[PAGES * PAGE] = {[0] = 1, [PAGE] = 1, [63 * PAGE] = 1};

/* Status 0 if all was as it must be, else the number of the step. */
int main(void) {
  unsigned sum = 0;
  for (unsigned i = 0; i < sizeof data; i++) sum += data[i];
  if (sum != 3 || data[0] != 1 || data[PAGE] != 1 || data[63 * PAGE] != 1) return 1;
  for (unsigned page = 0; page < PAGES; page++) page_fill(data + page * PAGE, page, 1);
  for (unsigned page = 0; page < PAGES; page++)
    if (!page_verify(data + page * PAGE, page, 1)) return 2;
  return 0;
}
