/* TEST: vm_protect sets the rights of any part of memory, resident or paged out, for the program and
         for system calls; content stays; errors change nothing.
   POOL: 40 */
#include <string.h>
#include "tests/guest/lib/memory.h"

#define PAGES 50

static int fd;

/* Reads a file into ADDRESS. */
static int read_into(char *address) {
  return read(fd, address, 1);
}

/* Writes a file from ADDRESS. */
static int write_from(char *address) {
  return write(fd, address, 1);
}

/* Pages 10 to 19 are read-only, page 30 is of no use at all. */
static void check_rights(char *memory) {
  CHECK_IS(vm_protect(PAGE_AT(memory, 10), 10 * PAGE, PROT_READ), VM_OK);
  CHECK_IS(vm_protect(PAGE_AT(memory, 30), 1, PROT_NONE), VM_OK);
  must_die(write_byte, PAGE_AT(memory, 10), "writing a read-only page");
  must_die(write_byte, PAGE_AT(memory, 20) - 1, "writing a read-only page");
  must_die(read_into, PAGE_AT(memory, 15), "read() into a read-only page");
  must_die(read_byte, PAGE_AT(memory, 30), "reading PROT_NONE");
  must_die(write_from, PAGE_AT(memory, 30), "write() from PROT_NONE");
  CHECK_IS(run_child(write_byte, PAGE_AT(memory, 10) - 1), 0);
  CHECK_IS(run_child(write_byte, PAGE_AT(memory, 20)), 0);
  CHECK_IS(run_child(write_from, PAGE_AT(memory, 15)), 1);
  for (unsigned i = 0; i < PAGES; i++)
    CHECK(i == 30 || page_verify(PAGE_AT(memory, i), i, 1), "page %u must keep its content", i);
  push_out();
  CHECK_IS(vm_protect(memory, PAGES * PAGE, READ_WRITE), VM_OK);
  check_pages(memory, PAGES, 1);
  fill_pages(memory, PAGES, 2);
  check_pages(memory, PAGES, 2);
}

/* Code made writable is a private copy; a constant too. */
static void check_code(void) {
  static const char constant[] = "constant";
  char *page = (char *)((uintptr_t)constant & ~(PAGE - 1));
  CHECK_IS(vm_protect(page, PAGE, READ_WRITE | PROT_EXEC), VM_OK);
  *(volatile char *)constant = 'k';
  CHECK(*(const volatile char *)constant == 'k', "the constant must change");
  CHECK_IS(run("call-protect again"), 4);
}

/* Errors. */
static void check_errors(char *memory) {
  CHECK_IS(vm_protect(memory, PAGE, 8), VM_EINVAL);
  CHECK_IS(vm_protect(memory, PAGE, 0x101), VM_EINVAL);
  CHECK_IS(vm_protect(memory + 1, PAGE, PROT_READ), VM_ERANGE);
  CHECK_IS(vm_protect(memory, 0, PROT_READ), VM_ERANGE);
  CHECK_IS(vm_protect(USER_END, PAGE, PROT_READ), VM_ERANGE);
  CHECK_IS(vm_protect(PLACE, PAGE, PROT_READ), VM_ENOMAP);
  char *area = vm_map(PLACE, 4 * PAGE, READ_WRITE, ANONYMOUS | MAP_FIXED, -1, 0);
  CHECK_IS(vm_unmap(area + 2 * PAGE, PAGE), VM_OK);
  CHECK_IS(vm_protect(area, 4 * PAGE, PROT_NONE), VM_ENOMAP);
  area[0] = area[PAGE] = area[3 * PAGE] = 'x';
}

/* Everything, with pages in memory and paged out. */
void test_main(void) {
  if (test_argc > 1) {
    static const char constant[] = "constant";
    exit(*(const volatile char *)constant == 'c' ? 4 : 1);
  }
  CHECK(create("file", 10), "create");
  fd = must_open("file");
  char *memory = map_anonymous(PAGES);
  fill_pages(memory, PAGES, 1);
  check_rights(memory);
  fill_pages(memory, PAGES, 1);
  push_out();
  check_rights(memory);
  check_errors(memory);
  check_code();
}
