/* TEST: The heap shrinks whatever the rights of the pages left: read-only, none at all, locked, shared
         with a child, in swap, unmapped; what comes again reads as zeroes, and a child keeps its own.
   POOL: 48 */
#include "tests/guest/lib/memory.h"

#define PAGES 8
/* Shrinks by a page and a bit, into page 6, and grows again. */
#define DOWN (PAGE + 100)

static char *heap;

/* Makes a heap of whole pages, each full of sixes. */
static void begin(void) {
  heap = sbrk(0);
  sbrk((intptr_t)(-(uintptr_t)heap & (PAGE - 1)));
  heap = sbrk(PAGES * PAGE);
  for (unsigned i = 0; i < PAGES * PAGE; i++) heap[i] = 6;
}

/* Ends it. */
static void end(void) {
  CHECK_IS(sbrk(-(intptr_t)(PAGES * PAGE)), heap + PAGES * PAGE);
}

/* Down and up over page 6, whose rights are RIGHTS afterwards still. */
static void down_and_up(int rights) {
  char *page = PAGE_AT(heap, 6);
  CHECK_IS(sbrk(-(intptr_t)DOWN), heap + PAGES * PAGE);
  CHECK_IS(sbrk(0), heap + PAGES * PAGE - DOWN);
  must_die(write_byte, PAGE_AT(heap, 7), "a page given back");
  CHECK_IS(sbrk(DOWN), heap + PAGES * PAGE - DOWN);
  if ((rights & PROT_WRITE) == 0) must_die(write_byte, page, "page 6 written");
  if (rights == PROT_NONE) must_die(read_byte, page, "page 6 read");
  CHECK_IS(vm_protect(page, PAGE, READ_WRITE), VM_OK);
  for (unsigned i = 0; i < PAGE - 100; i++) CHECK(page[i] == 6, "byte %u of page 6", i);
  CHECK(memory_is_zero(page + PAGE - 100, PAGE + 100), "what came again must be zero");
}

/* Looks at what a child has, at the end of its parent's moves. */
static int look(char *go_on) {
  while (*(volatile char *)go_on == 0) yield();
  for (unsigned i = 0; i < PAGES * PAGE; i++) CHECK(heap[i] == 6, "byte %u of the child", i);
  return 5;
}

/* With page 6 of each kind of rights, here and in swap. */
static void check_rights(void) {
  static const int rights[] = {PROT_READ, PROT_NONE, PROT_READ | PROT_EXEC, READ_WRITE};
  for (unsigned i = 0; i < 8; i++) {
    begin();
    CHECK_IS(vm_protect(PAGE_AT(heap, 6), PAGE, rights[i % 4]), VM_OK);
    if (i >= 4) push_out();
    down_and_up(rights[i % 4]);
    end();
  }
}

/* Locked, or shared with a child. */
static void check_shared(void) {
  begin();
  CHECK_IS(vm_lock(PAGE_AT(heap, 6), 2 * PAGE), VM_OK);
  CHECK_IS(vm_protect(PAGE_AT(heap, 6), PAGE, PROT_READ), VM_OK);
  down_and_up(PROT_READ);
  CHECK_IS(count_resident(PAGE_AT(heap, 6), 1), 1);
  end();
  char *go_on = map_shared(1);
  begin();
  pid_t child = start_child(look, go_on);
  CHECK_IS(vm_protect(PAGE_AT(heap, 6), PAGE, PROT_READ), VM_OK);
  down_and_up(PROT_READ);
  *go_on = 1;
  CHECK_IS(wait(child), 5);
  end();
}

/* The page in which the break comes to lie is gone, or a file's, which stays as it is. */
static void check_holes(void) {
  begin();
  CHECK_IS(vm_unmap(PAGE_AT(heap, 5), 2 * PAGE), VM_OK);
  CHECK_IS(sbrk(-(intptr_t)DOWN), heap + PAGES * PAGE);
  CHECK_IS(sbrk(-(intptr_t)PAGE), heap + PAGES * PAGE - DOWN);
  CHECK_IS(sbrk(0), heap + (PAGES - 1) * PAGE - DOWN);
  make_file("file", PAGE, 3);
  map_file("file", PAGE_AT(heap, 5));
  CHECK_IS(sbrk(100), heap + (PAGES - 1) * PAGE - DOWN);
  check_file("file", PAGE, 3);
  CHECK_IS(sbrk(-(intptr_t)(6 * PAGE)), heap + 6 * PAGE);
  check_file("file", PAGE, 3);
}

void test_main(void) {
  check_rights();
  check_shared();
  check_holes();
}
