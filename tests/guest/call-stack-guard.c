/* TEST: Below the stack is a gap that no mapping may enter, and that the stack does not grow into when
         a mapping is there; a system call's buffer may lie where the stack has not grown yet. */
#include <string.h>
#include "tests/guest/lib/memory.h"

#define GUARD 16

static int fd;

/* The stack's lowest page. */
static char *stack_page(void) {
  char here;
  char *volatile address = &here;
  return (char *)((uintptr_t)address & ~(PAGE - 1));
}

/* Grows the stack by DEPTH pages. */
static int grow(char *pages) {
  volatile char *stack = __builtin_alloca((unsigned)(uintptr_t)pages * PAGE);
  for (int i = (int)((uintptr_t)pages * PAGE) - 1; i >= 0; i -= (int)PAGE) stack[i] = 1;
  return 2;
}

/* Reads a file into an array that no page is made for yet. */
static int read_deep(char *unused) {
  char buffer[20 * PAGE];
  (void)unused;
  CHECK_IS(read(fd, buffer, 100), 100);
  CHECK(pattern_is(buffer, 100, 0, 1), "content");
  seek(fd, 0);
  CHECK_IS(read(fd, buffer + 10 * PAGE - 50, 100), 100);
  CHECK(pattern_is(buffer + 10 * PAGE - 50, 100, 0, 1), "content over a page's end");
  return 3;
}

/* The gap, then a mapping right below it. */
void test_main(void) {
  make_file("file", 100, 1);
  fd = must_open("file");
  CHECK_IS(run_child(read_deep, NULL), 3);
  char *stack = stack_page();
  for (int i = 1; i <= GUARD; i++) {
    char *page = stack - i * (int)PAGE;
    CHECK(mmap(fd, page) == MAP_FAILED, "mmap %d pages below the stack", i);
    CHECK_IS(vm_map(page, PAGE, READ_WRITE, ANONYMOUS | MAP_FIXED, -1, 0), VM_EOVERLAP);
  }
  CHECK_IS(run_child(grow, (char *)100), 2);
  char *wall = stack - 40 * (int)PAGE;
  CHECK_IS(vm_map(wall, PAGE, READ_WRITE, ANONYMOUS | MAP_FIXED, -1, 0), wall);
  memset(wall, 'w', PAGE);
  CHECK_IS(run_child(grow, (char *)15), 2);
  must_die(grow, (char *)30, "a stack that grows into the gap above a mapping");
  must_die(grow, (char *)60, "a stack that grows over a mapping");
  CHECK(wall[0] == 'w' && wall[PAGE - 1] == 'w', "the mapping");
  CHECK_IS(vm_unmap(wall, PAGE), VM_OK);
  CHECK_IS(run_child(grow, (char *)60), 2);
}
