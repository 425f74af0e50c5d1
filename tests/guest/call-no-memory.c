/* TEST: When a process has used up the kernel's memory, its calls fail with VM_ENOMEM or -1 and change
         nothing, but giving memory back at the end of a region or of the heap works; all is well again
         when it gives more back.
   POOL: 64
   STRESS: as many regions as there is memory for are too many to be checked again and again */
#include "tests/guest/lib/memory.h"

#define SIZE 0x20000000u

static char *memory;

/* Makes every other page read-only, each a region of its own, until there is no memory; how many. */
static unsigned use_up(void) {
  for (unsigned i = 1; i < SIZE / PAGE; i += 2) {
    int error = vm_protect(PAGE_AT(memory, i), PAGE, PROT_READ);
    CHECK(error == VM_OK || error == VM_ENOMEM, "vm_protect gave %d", error);
    if (error == VM_ENOMEM) return i / 2;
  }
  return 0;
}

/* What must fail now. */
static void check_refusals(unsigned count, int fd) {
  CHECK_IS(vm_protect(PAGE_AT(memory, 2 * count + 101), PAGE, PROT_READ), VM_ENOMEM);
  CHECK_IS(vm_unmap(PAGE_AT(memory, 2 * count + 101), PAGE), VM_ENOMEM);
  CHECK_IS(vm_map(0, PAGE, READ_WRITE, ANONYMOUS, -1, 0), VM_ENOMEM);
  CHECK_IS(fork(), PID_ERROR);
  CHECK_IS(mmap(fd, PLACE), -1);
  CHECK_IS(exec("call-no-memory"), -1);
}

/* What must work: it needs no memory. */
static void check_giving_back(char *heap) {
  CHECK_IS(vm_unmap(memory + SIZE - 3 * PAGE, 4 * PAGE), VM_OK);
  CHECK_IS(vm_unmap(memory + SIZE - 5 * PAGE, 2 * PAGE), VM_OK);
  CHECK_IS(sbrk(-(2 * (int)PAGE + 100)), heap + 4 * PAGE);
  CHECK(pattern_is(heap, 2 * PAGE - 100, 0, 3), "what stays of the heap");
  CHECK_IS(sbrk(2 * (int)PAGE + 100), heap + 2 * PAGE - 100);
  CHECK(memory_is_zero(heap + 2 * PAGE - 100, 2 * PAGE + 100), "what came again");
}

/* Twice. */
void test_main(void) {
  make_file("file", 10, 1);
  int fd = must_open("file");
  memory = vm_map(0, SIZE, READ_WRITE, ANONYMOUS, -1, 0);
  char *heap = sbrk(4 * PAGE);
  CHECK(!vm_is_error(memory), "vm_map");
  for (int round = 0; round < 2; round++) {
    page_fill(memory, 1, 1);
    page_fill(PAGE_AT(memory, 1), 2, 1);
    unsigned count = use_up();
    CHECK(count > 1000, "%u regions", count);
    check_refusals(count, fd);
    pattern_fill(heap, 4 * PAGE, 0, 3);
    check_giving_back(heap);
    CHECK(page_verify(memory, 1, 1) && page_verify(PAGE_AT(memory, 1), 2, 1), "content");
    CHECK_IS(vm_unmap(memory, SIZE), VM_OK);
    CHECK_IS(vm_map(memory, SIZE, READ_WRITE, ANONYMOUS | MAP_FIXED, -1, 0), memory);
    CHECK_IS(run_child(write_byte, memory), 0);
  }
  CHECK(mmap(fd, PLACE) != MAP_FAILED && pattern_is(PLACE, 10, 0, 1), "mmap");
}
