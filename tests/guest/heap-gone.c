/* TEST: Heap that is given back is gone: its frames and slots are free, touching it kills.
   POOL: 48 */
#include "tests/guest/lib/memory.h"

#define PAGES 100

/* More than fits, so that some of it is in slots. */
void test_main(void) {
  char *start = sbrk(0), *memory = (char *)(((uintptr_t)start + PAGE) & ~(PAGE - 1));
  struct vm_info before = figures_all();
  CHECK_IS(sbrk(memory + PAGES * PAGE - start), start);
  fill_pages(memory, PAGES, 1);
  struct vm_info full = figures_all();
  CHECK(full.slots_used > before.slots_used + PAGES / 2 - 10, "most pages must be in slots");
  check_pages(memory, PAGES, 1);
  CHECK_IS(sbrk(-(PAGES / 2) * (int)PAGE), memory + PAGES * PAGE);
  must_die(read_byte, PAGE_AT(memory, PAGES / 2), "reading heap that is gone");
  check_pages(memory, PAGES / 2, 1);
  CHECK_IS(sbrk(start - (char *)sbrk(0)), PAGE_AT(memory, PAGES / 2));
  must_die(write_byte, memory, "writing heap that is gone");
  struct vm_info after = figures_all();
  CHECK(after.slots_used <= before.slots_used + 8, "slots: %u, then %u", before.slots_used,
        after.slots_used);
  CHECK(after.resident + after.swapped <= before.resident + before.swapped + 8, "pages left over");
}
