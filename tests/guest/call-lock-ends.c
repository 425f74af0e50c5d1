/* TEST: A lock of a page ends with vm_unlock, vm_unmap, munmap, sbrk and "don't need", and then others may be locked; it
         stays when the page is protected; "don't need" gives private pages up whatever their rights, and of a
         file's pages nothing is lost; what cannot be locked leaves all as it was. */
#include <string.h>
#include "tests/guest/lib/memory.h"

#define LOCKED 3

/* Exactly what is given up can be locked elsewhere: locks of LOCKED pages at MEMORY have ended. */
static void check_ended(const char *how) {
  char *other = map_anonymous(LOCKED + 1);
  CHECK(vm_lock(other, LOCKED * PAGE) == VM_OK, "locks must end with %s", how);
  CHECK_IS(vm_lock(PAGE_AT(other, LOCKED), PAGE), VM_ELIMIT);
  CHECK_IS(vm_unmap(other, (LOCKED + 1) * PAGE), VM_OK);
}

/* Some pages of zeroes, written and locked. */
static char *locked_pages(void) {
  char *memory = map_anonymous(LOCKED);
  fill_pages(memory, LOCKED, 1);
  CHECK_IS(vm_lock(memory, LOCKED * PAGE), VM_OK);
  CHECK_IS(vm_lock(memory, LOCKED * PAGE), VM_OK);
  return memory;
}

/* Each way to end locks of private pages. */
static void check_private(void) {
  char *memory = locked_pages();
  CHECK_IS(vm_unlock(memory, LOCKED * PAGE), VM_OK);
  check_ended("vm_unlock");
  CHECK_IS(vm_lock(memory, LOCKED * PAGE), VM_OK);
  CHECK_IS(vm_protect(memory, LOCKED * PAGE, PROT_NONE), VM_OK);
  push_out();
  CHECK_IS(count_resident(memory, LOCKED), LOCKED);
  CHECK_IS(vm_advise(memory, LOCKED * PAGE, ADVICE_DONTNEED), VM_OK);
  check_ended("advice");
  CHECK_IS(vm_lock(memory, LOCKED * PAGE), VM_EACCESS);
  check_ended("an error");
  CHECK_IS(vm_protect(memory, LOCKED * PAGE, READ_WRITE), VM_OK);
  CHECK(memory_is_zero(memory, LOCKED * PAGE), "given up pages are zeroes again");
  CHECK_IS(vm_unmap(locked_pages(), LOCKED * PAGE), VM_OK);
  check_ended("vm_unmap");
  char *heap = sbrk(0);
  sbrk((intptr_t)(-(uintptr_t)heap & (PAGE - 1)));
  heap = sbrk(LOCKED * PAGE);
  CHECK_IS(vm_lock(heap, LOCKED * PAGE), VM_OK);
  sbrk(-(intptr_t)(LOCKED * PAGE));
  check_ended("sbrk");
}

/* Of a file. */
static void check_file_pages(void) {
  make_file("file", LOCKED * PAGE, 1);
  int id = map_file("file", PLACE);
  CHECK_IS(vm_lock(PLACE, LOCKED * PAGE), VM_OK);
  PLACE[5] = 'x';
  CHECK_IS(vm_advise(PLACE, LOCKED * PAGE, ADVICE_DONTNEED), VM_OK);
  check_ended("advice about a file's pages");
  CHECK_IS(PLACE[5], 'x');
  CHECK_IS(vm_lock(PLACE, LOCKED * PAGE), VM_OK);
  munmap(id);
  check_ended("munmap");
  char byte;
  int fd = must_open("file");
  seek(fd, 5);
  CHECK(read(fd, &byte, 1) == 1 && byte == 'x', "what was written is in the file");
}

void test_main(void) {
  CHECK_IS(setrlimit(LIMIT_LOCKED, LOCKED * PAGE), VM_OK);
  check_private();
  check_file_pages();
}
