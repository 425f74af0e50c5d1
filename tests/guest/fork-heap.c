/* TEST: After fork each process moves its own break, unmaps and protects its own memory, and has its
         own limits.
   POOL: 48 */
#include <stdlib.h>
#include "tests/guest/lib/memory.h"

static char *mapped;

/* Does all that to its own. */
static int change(char *heap) {
  uint32_t limit;
  CHECK_IS(sbrk(0), heap + 10 * PAGE);
  CHECK_IS(getrlimit(LIMIT_HEAP, &limit), VM_OK);
  CHECK_IS(limit, 40 * PAGE);
  check_pages(heap, 10, 1);
  CHECK_IS(sbrk(-10 * (int)PAGE), heap + 10 * PAGE);
  CHECK_IS(sbrk(30 * PAGE), heap);
  CHECK(memory_is_zero(heap, 30 * PAGE), "new heap must be zero");
  fill_pages(heap, 30, 2);
  CHECK_IS(setrlimit(LIMIT_HEAP, 0), VM_OK);
  CHECK_IS(vm_unmap(mapped, 2 * PAGE), VM_OK);
  CHECK_IS(vm_protect(mapped + 2 * PAGE, PAGE, PROT_NONE), VM_OK);
  return 5;
}

/* The parent's must be as before. */
void test_main(void) {
  char *heap = sbrk(10 * PAGE);
  mapped = map_anonymous(4);
  CHECK_IS(setrlimit(LIMIT_HEAP, 40 * PAGE), VM_OK);
  fill_pages(heap, 10, 1);
  fill_pages(mapped, 4, 3);
  CHECK_IS(run_child(change, heap), 5);
  CHECK_IS(sbrk(0), heap + 10 * PAGE);
  check_pages(heap, 10, 1);
  check_pages(mapped, 4, 3);
  CHECK_IS(sbrk(PAGE), heap + 10 * PAGE);
}
