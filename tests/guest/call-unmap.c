/* TEST: vm_unmap takes any part of what is mapped away, in memory or paged out, and leaves the rest;
         what was written to a shared file goes there; holes are no error.
   POOL: 40 */
#include "tests/guest/lib/memory.h"

#define PAGES 60

/* Front, end, middle, across a hole. */
static void check_parts(char *memory) {
  CHECK_IS(vm_unmap(PAGE_AT(memory, 0), 3 * PAGE), VM_OK);
  CHECK_IS(vm_unmap(PAGE_AT(memory, 57), 3 * PAGE), VM_OK);
  CHECK_IS(vm_unmap(PAGE_AT(memory, 20), 1), VM_OK);
  CHECK_IS(vm_unmap(PAGE_AT(memory, 18), 5 * PAGE), VM_OK);
  CHECK_IS(vm_unmap(PAGE_AT(memory, 18), 5 * PAGE), VM_OK);
  CHECK_IS(vm_unmap(PAGE_AT(memory, 58), 100 * PAGE), VM_OK);
  const int gone[] = {0, 2, 18, 20, 22, 57, 59};
  for (unsigned i = 0; i < sizeof gone / sizeof *gone; i++)
    must_die(read_byte, PAGE_AT(memory, gone[i]), "reading an unmapped page");
  for (unsigned i = 3; i < 57; i++)
    CHECK((i >= 18 && i < 23) || page_verify(PAGE_AT(memory, i), i, 1), "page %u must stay", i);
}

/* Code, heap and parts of mmap() can go as well. */
static void check_others(void) {
  char *heap = sbrk(0);
  heap =
      (char *)sbrk((intptr_t)(5 * PAGE - (uintptr_t)heap % PAGE)) + (PAGE - (uintptr_t)heap % PAGE);
  fill_pages(heap, 4, 1);
  CHECK_IS(vm_unmap(heap + PAGE, PAGE), VM_OK);
  must_die(read_byte, heap + PAGE, "reading a hole of the heap");
  CHECK(page_verify(heap, 0, 1) && page_verify(heap + 2 * PAGE, 2, 1), "the heap around it");
  make_file("file", 4 * PAGE, 1);
  int id = map_file("file", PLACE);
  PLACE[0] = PLACE[PAGE] = PLACE[3 * PAGE] = 'x';
  CHECK_IS(vm_unmap(PLACE + PAGE, PAGE), VM_OK);
  must_die(read_byte, PLACE + PAGE, "reading a hole of a mapping");
  CHECK(PLACE[0] == 'x' && PLACE[3 * PAGE] == 'x', "the mapping around it");
  char *reused = vm_map(PLACE + PAGE, PAGE, READ_WRITE, ANONYMOUS | MAP_FIXED, -1, 0);
  CHECK_IS(reused, PLACE + PAGE);
  *reused = 'r';
  munmap(id);
  must_die(read_byte, PLACE, "reading after munmap");
  CHECK(*reused == 'r', "what was mapped in the hole is no part of the mapping");
  char bytes[2];
  int fd = must_open("file");
  seek(fd, PAGE);
  CHECK(read(fd, bytes, 1) == 1 && bytes[0] == 'x', "the part's write must be in the file");
}

/* Errors, then both. */
void test_main(void) {
  CHECK_IS(vm_unmap(PLACE + 1, PAGE), VM_ERANGE);
  CHECK_IS(vm_unmap(PLACE, 0), VM_ERANGE);
  CHECK_IS(vm_unmap(0, PAGE), VM_ERANGE);
  CHECK_IS(vm_unmap(USER_END, PAGE), VM_ERANGE);
  CHECK_IS(vm_unmap(PLACE, 0xc0000000), VM_ERANGE);
  CHECK_IS(vm_unmap(PLACE, 0xffffffff), VM_ERANGE);
  CHECK_IS(vm_unmap(PLACE, 1), VM_OK);
  for (int away = 0; away < 2; away++) {
    char *memory = map_anonymous(PAGES);
    fill_pages(memory, PAGES, 1);
    if (away) push_out();
    check_parts(memory);
    CHECK_IS(vm_unmap(memory, PAGES * PAGE), VM_OK);
  }
  check_others();
  unsigned before = figures_all().slots_used;
  char *memory = map_anonymous(PAGES);
  fill_pages(memory, PAGES, 1);
  push_out();
  CHECK_IS(vm_unmap(memory, PAGES * PAGE), VM_OK);
  CHECK(figures_all().slots_used <= before + 12, "slots must be free again");
}
