/* TEST: The stack still grows after parts of it were locked, protected, advised or unmapped, in parent
         and child. */
#include <string.h>
#include "tests/guest/lib/memory.h"

/* The page of POINTER. */
static char *page_of(const volatile void *pointer) {
  return (char *)((uintptr_t)pointer & ~(PAGE - 1));
}

/* Uses DEPTH more pages, each with what its depth says; the sum. */
NO_INLINE static unsigned use_stack(unsigned depth) {
  volatile unsigned char page[PAGE];
  memset((void *)page, (int)depth, sizeof page);
  unsigned below = depth == 0 ? 0 : use_stack(depth - 1);
  return below + page[depth];
}

/* A child uses its stack. */
static int use_deep(char *unused) {
  (void)unused;
  CHECK_IS(use_stack(60), 1830);
  return 3;
}

/* Changes parts of a stack of twenty pages, whose array here spans most. */
static void change_parts(void) {
  volatile char array[20 * PAGE];
  memset((void *)array, 'a', sizeof array);
  char *low = page_of(array) + PAGE;
  CHECK_IS(vm_lock(low + 10 * PAGE, 2 * PAGE), VM_OK);
  CHECK_IS(use_stack(30), 465);
  CHECK_IS(vm_advise(page_of(array), 4 * PAGE, ADVICE_SEQUENTIAL), VM_OK);
  CHECK_IS(use_stack(40), 820);
  CHECK_IS(vm_protect(low + 4 * PAGE, PAGE, PROT_READ), VM_OK);
  CHECK_IS(use_stack(50), 1275);
  CHECK_IS(run_child(use_deep, NULL), 3);
  CHECK_IS(vm_unmap(low + 6 * PAGE, 2 * PAGE), VM_OK);
  CHECK_IS(use_stack(60), 1830);
  CHECK_IS(run_child(use_deep, NULL), 3);
  must_die(write_byte, low + 4 * PAGE, "writing the part that is read-only");
  must_die(read_byte, low + 7 * PAGE, "reading the part that is gone");
  for (unsigned i = 0; i < 18 * PAGE; i++)
    CHECK(i / PAGE == 6 || i / PAGE == 7 || low[i] == 'a', "byte %u of the array", i);
}

/* Also after what lay below is unmapped. */
void test_main(void) {
  change_parts();
  char here;
  CHECK_IS(vm_unmap(page_of(&here) - 100 * PAGE, 99 * PAGE), VM_OK);
  CHECK_IS(use_stack(20), 210);
  CHECK_IS(run_child(use_deep, NULL), 3);
}
