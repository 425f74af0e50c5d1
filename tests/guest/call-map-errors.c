/* TEST: vm_map fails with the error that its contract says, and then nothing has changed. */
#include "tests/guest/lib/memory.h"

#define FIXED (ANONYMOUS | MAP_FIXED)

static char data[PAGE] = {1};

/* The page of POINTER. */
static char *page_of(const void *pointer) {
  return (char *)((uintptr_t)pointer & ~(PAGE - 1));
}

/* Anonymous memory with FLAGS and PROT. */
static void *map(void *address, uint32_t length, int prot, int flags) {
  return vm_map(address, length, prot, flags, -1, 0);
}

/* Arguments that mean nothing. */
static void check_arguments(int fd) {
  CHECK_IS(map(0, PAGE, READ_WRITE, MAP_ANONYMOUS), VM_EINVAL);
  CHECK_IS(map(0, PAGE, READ_WRITE, MAP_ANONYMOUS | MAP_PRIVATE | MAP_SHARED), VM_EINVAL);
  CHECK_IS(map(0, PAGE, READ_WRITE, ANONYMOUS | 16), VM_EINVAL);
  CHECK_IS(map(0, PAGE, READ_WRITE, ANONYMOUS | 0x100), VM_EINVAL);
  CHECK_IS(map(0, PAGE, 8, ANONYMOUS), VM_EINVAL);
  CHECK_IS(map(0, PAGE, 0x103, ANONYMOUS), VM_EINVAL);
  CHECK_IS(map(0, PAGE, -1, ANONYMOUS), VM_EINVAL);
  CHECK_IS(vm_map(0, PAGE, PROT_READ, 0, fd, 0), VM_EINVAL);
  CHECK_IS(map(0, 0, READ_WRITE, ANONYMOUS), VM_ERANGE);
  CHECK_IS(map(PLACE + 1, PAGE, READ_WRITE, ANONYMOUS), VM_ERANGE);
  CHECK_IS(map(0, 0xffffffff, READ_WRITE, ANONYMOUS), VM_ERANGE);
  CHECK_IS(map(0, PAGE, READ_WRITE, FIXED), VM_ERANGE);
  CHECK_IS(map(USER_END, PAGE, READ_WRITE, FIXED), VM_ERANGE);
  CHECK_IS(map((void *)0xfffff000, 2 * PAGE, READ_WRITE, FIXED), VM_ERANGE);
  CHECK_IS(map(USER_END - 0x1000000, 0x1000001, READ_WRITE, FIXED), VM_ERANGE);
}

/* Files that are none, or too short, or not to be written. */
static void check_descriptors(int fd) {
  CHECK(mkdir("dir") && create("empty", 0), "create");
  CHECK_IS(vm_map(0, PAGE, PROT_READ, MAP_SHARED, -1, 0), VM_EBADF);
  CHECK_IS(vm_map(0, PAGE, PROT_READ, MAP_SHARED, 0, 0), VM_EBADF);
  CHECK_IS(vm_map(0, PAGE, PROT_READ, MAP_SHARED, 1, 0), VM_EBADF);
  CHECK_IS(vm_map(0, PAGE, PROT_READ, MAP_SHARED, 77, 0), VM_EBADF);
  CHECK_IS(vm_map(0, PAGE, PROT_READ, MAP_SHARED, must_open("dir"), 0), VM_EBADF);
  CHECK_IS(vm_map(0, PAGE, PROT_READ, MAP_SHARED, must_open("empty"), 0), VM_EEOF);
  CHECK_IS(vm_map(0, PAGE, PROT_READ, MAP_SHARED, fd, 2 * PAGE), VM_EEOF);
  CHECK_IS(vm_map(0, PAGE, PROT_READ, MAP_SHARED, fd, 0xfffff000), VM_EEOF);
  CHECK_IS(vm_map(0, PAGE, PROT_READ, MAP_SHARED, fd, 100), VM_ERANGE);
  int own = must_open("call-map-errors");
  CHECK_IS(vm_map(0, PAGE, READ_WRITE, MAP_SHARED, own, 0), VM_EACCESS);
}

/* Places that are taken, and more than there is. */
static void check_room(void) {
  char *heap = sbrk(2 * PAGE), *taken = map_anonymous(3);
  CHECK_IS(map(page_of((void *)test_main), PAGE, READ_WRITE, FIXED), VM_EOVERLAP);
  CHECK_IS(map(page_of(data), PAGE, READ_WRITE, FIXED), VM_EOVERLAP);
  CHECK_IS(map(page_of(heap + PAGE), PAGE, READ_WRITE, FIXED), VM_EOVERLAP);
  CHECK_IS(map(page_of(&heap), PAGE, READ_WRITE, FIXED), VM_EOVERLAP);
  CHECK_IS(map(page_of(&heap) - 4 * PAGE, PAGE, READ_WRITE, FIXED), VM_EOVERLAP);
  CHECK_IS(map(taken + 2 * PAGE, PAGE, READ_WRITE, FIXED), VM_EOVERLAP);
  CHECK_IS(map(taken - PAGE, 2 * PAGE, READ_WRITE, FIXED), VM_EOVERLAP);
  CHECK_IS(map(0, 0xb0000000, READ_WRITE, ANONYMOUS), VM_ELIMIT);
  page_fill(taken + 2 * PAGE, 2, 1);
  CHECK(memory_is_zero(taken, 2 * PAGE) && data[0] == 1, "nothing may have changed");
}

/* Nothing may be mapped by all that. */
void test_main(void) {
  make_file("file", PAGE + 1, 1);
  int fd = must_open("file");
  unsigned before = figures_all().resident;
  check_arguments(fd);
  check_descriptors(fd);
  CHECK(figures_all().resident <= before + 3, "nothing may have been mapped");
  check_room();
}
