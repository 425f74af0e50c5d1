/* TEST: When the kernel has borrowed frames for its own memory, only half of the others can be locked: there
         are always some for pages of files and a few new ones.
   POOL: 64
   STRESS: as many regions as there is memory for are too many to be checked again and again */
#include "tests/guest/lib/memory.h"

#define SIZE       0x20000000u
#define PAGES      60
#define FILE_PAGES 30

/* Makes every other page read-only, each a region of its own, until there is no memory. */
static void use_up(char *memory) {
  unsigned i = 1;
  while (vm_protect(PAGE_AT(memory, i), PAGE, PROT_READ) == VM_OK) i += 2;
}

/* Locks what it may, and goes on. */
void test_main(void) {
  char *locked = map_anonymous(PAGES), *memory = vm_map(0, SIZE, READ_WRITE, ANONYMOUS, -1, 0);
  unsigned count = 0;
  make_file("file", FILE_PAGES * PAGE, 1);
  map_file("file", PLACE);
  CHECK_IS(setrlimit(LIMIT_LOCKED, 1 << 20), VM_OK);
  for (unsigned i = 0; i < PAGES; i++) /* Each a region, so that later none needs be cut. */
    CHECK_IS(vm_advise(PAGE_AT(locked, i), PAGE, ADVICE_NORMAL), VM_OK);
  push_out();
  use_up(memory);
  unsigned left = figures_all().frames_total - figures_all().frames_kernel;
  CHECK(left < 40, "the kernel has left %u frames", left);
  while (vm_lock(PAGE_AT(locked, count), PAGE) == VM_OK) count++;
  CHECK(count > 2 && count <= left / 2, "%u pages of %u could be locked", count, left);
  CHECK(pattern_is(PLACE, FILE_PAGES * PAGE, 0, 1), "the file");
  fill_pages(PAGE_AT(locked, count), 5, 1);
  check_pages(PAGE_AT(locked, count), 5, 1);
  CHECK(pattern_is(PLACE, FILE_PAGES * PAGE, 0, 1), "the file again");
}
