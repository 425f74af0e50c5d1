/* Two processes that fault on the same pages at the same time read them once.  Not a test by itself:
   the disk must be slow, so that they meet; see test_parallel.py. */
#include <stdio.h>
#include "tests/guest/lib/memory.h"

#define PAGES 20

/* Touches every other page of `big`, so that nothing is read ahead. */
static int touch_pages(char *unused) {
  (void)unused;
  map_file("big", PLACE);
  for (unsigned i = 0; i < PAGES; i++) (void)*(volatile char *)PAGE_AT(PLACE, 2 * i);
  return 0;
}

int main(void) {
  struct vm_info before, after;
  test_name = "slow-same";
  /* What they need besides is in memory once one of them has run. */
  map_file("small", PLACE2);
  vm_info(&before, sizeof before);
  pid_t first = start_child(touch_pages, NULL), second = start_child(touch_pages, NULL);
  wait(first);
  wait(second);
  vm_info(&after, sizeof after);
  msg("%u pages of %u read", (unsigned)(after.file_reads - before.file_reads), PAGES);
  return 0;
}
