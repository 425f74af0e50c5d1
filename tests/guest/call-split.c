/* TEST: A mapping cut into a hundred parts by protecting, advising and unmapping every few pages
         keeps its content, also for a child, while pages leave.
   POOL: 40
   SWAP: 4 */
#include "tests/guest/lib/memory.h"

#define PAGES 150

/* Whether page I was unmapped. */
static bool is_gone(unsigned i) {
  return i % 7 == 3;
}

/* Looks at all pages that are there. */
static int look(char *memory) {
  for (unsigned i = 0; i < PAGES; i++)
    if (!is_gone(i) && !page_verify(PAGE_AT(memory, i), i, i % 2 ? 1 : 2)) return 1;
  return 5;
}

/* Protects odd pages, changes even ones, unmaps every seventh. */
void test_main(void) {
  char *memory = map_anonymous(PAGES);
  fill_pages(memory, PAGES, 1);
  for (unsigned i = 1; i < PAGES; i += 2)
    CHECK_IS(vm_protect(PAGE_AT(memory, i), PAGE, PROT_READ), VM_OK);
  for (unsigned i = 0; i < PAGES; i += 2) page_fill(PAGE_AT(memory, i), i, 2);
  for (unsigned i = 0; i < PAGES; i += 3)
    CHECK_IS(vm_advise(PAGE_AT(memory, i), PAGE, ADVICE_RANDOM), VM_OK);
  for (unsigned i = 3; i < PAGES; i += 7) CHECK_IS(vm_unmap(PAGE_AT(memory, i), PAGE), VM_OK);
  CHECK_IS(look(memory), 5);
  CHECK_IS(run_child(look, memory), 5);
  must_die(write_byte, PAGE_AT(memory, 1), "writing a read-only page");
  must_die(read_byte, PAGE_AT(memory, 3), "reading a page that is gone");
  CHECK_IS(vm_protect(memory, PAGES * PAGE, READ_WRITE), VM_ENOMAP);
  for (unsigned i = 0; i < PAGES; i++)
    if (!is_gone(i)) CHECK_IS(vm_protect(PAGE_AT(memory, i), PAGE, READ_WRITE), VM_OK);
  for (unsigned i = 3; i < PAGES; i += 7)
    CHECK_IS(vm_map(PAGE_AT(memory, i), PAGE, READ_WRITE, ANONYMOUS | MAP_FIXED, -1, 0),
             PAGE_AT(memory, i));
  CHECK(memory_is_zero(PAGE_AT(memory, 3), PAGE), "what is mapped again is zero");
  CHECK_IS(vm_protect(memory, PAGES * PAGE, READ_WRITE), VM_OK);
  fill_pages(memory, PAGES, 4);
  check_pages(memory, PAGES, 4);
}
