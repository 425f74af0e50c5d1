/* TEST: Pages that can only be read and were never written, all of them the page of zeroes, can be locked by
         the hundreds, also by two processes; they stay locked when they become pages of their own.
   MEM: 8
   POOL: 1000
   SWAP: 8 */
#include "tests/guest/lib/memory.h"

#define PAGES 300

/* Locks all, and makes some its own. */
static int lock_all(char *memory) {
  CHECK_IS(setrlimit(LIMIT_LOCKED, PAGES * PAGE), VM_OK);
  CHECK_IS(vm_lock(memory, PAGES * PAGE), VM_OK);
  CHECK_IS(vm_protect(memory, PAGES * PAGE, READ_WRITE), VM_OK);
  fill_pages(memory, 20, 1);
  push_out();
  CHECK_IS(count_resident(memory, PAGES), PAGES);
  check_pages(memory, 20, 1);
  return 5;
}

/* Half of the frames for each would be too many: one after the other. */
void test_main(void) {
  char *memory = vm_map(0, PAGES * PAGE, PROT_READ, ANONYMOUS, -1, 0);
  CHECK(!vm_is_error(memory), "vm_map");
  CHECK_IS(run_child(lock_all, memory), 5);
  CHECK_IS(run_child(lock_all, memory), 5);
  CHECK(memory_is_zero(memory, PAGES * PAGE), "the parent's");
}
