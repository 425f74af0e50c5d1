/* TEST: A process that touches one page in each 4 MB needs a page table and a block of entries for each:
         it is killed when there is no memory for more, others are not; again and again.
   ROUNDS: 40
   POOL: 64
   ALLOW: full-tables: out of memory: no kernel memory is left */
#include "tests/guest/lib/full.h"

#define SPAN  0x400000u
#define FIRST 0x20400000u
#define LAST  0xb0000000u

/* Touches and counts. */
static int touch_all(char *count) {
  for (uintptr_t address = FIRST; address < LAST; address += SPAN) {
    char *page = vm_map((char *)address, PAGE, READ_WRITE, ANONYMOUS | MAP_FIXED, -1, 0);
    if (vm_is_error(page)) return 5;
    *page = 1;
    ++*(volatile unsigned *)count;
  }
  return 6;
}

/* Killed, or refused a mapping: the last of memory may be asked for by either. */
static void use_up(void) {
  char *count = map_shared(1);
  int status = run_child(touch_all, count);
  CHECK(status == -1 || status == 5, "touching all 4 MB ended with %d", status);
  CHECK(*(unsigned *)count > 100, "%u page tables", *(unsigned *)count);
  CHECK_IS(vm_unmap(count, PAGE), VM_OK);
}

/* All. */
void test_main(void) {
  full_rounds(use_up);
}
