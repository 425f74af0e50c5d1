/* TEST: vm_mark takes a text of any length and changes nothing; memory of every kind is in use meanwhile.
   POOL: 64 */
#include "tests/guest/lib/memory.h"

#define PAGES 100

/* Uses memory in the child of a fork: what it writes is copied. */
static int use_copy(char *memory) {
  fill_pages(memory, PAGES / 2, 7);
  CHECK_IS(vm_mark("child"), 0);
  check_pages(memory, PAGES / 2, 7);
  return 3;
}

int main(void) {
  char *memory = map_anonymous(PAGES);
  fill_pages(memory, PAGES, 1);
  CHECK_IS(vm_mark("filled"), 0);
  pid_t pid = start_child(use_copy, memory);
  CHECK_IS(vm_lock(memory, 4 * PAGE), 0);
  CHECK_IS(vm_mark(""), 0);
  CHECK_IS(wait(pid), 3);
  check_pages(memory, PAGES, 1);
  CHECK_IS(vm_protect(PAGE_AT(memory, 10), 20 * PAGE, PROT_READ), 0);
  CHECK_IS(vm_unmap(PAGE_AT(memory, 40), 20 * PAGE), 0);
  CHECK_IS(vm_mark("a text that is much longer than what there is room for in an event"), 0);
  check_pages(memory, 40, 1);
  CHECK_IS(vm_unlock(memory, 4 * PAGE), 0);
  return 0;
}
