/* TEST: vm_lock hands on what bringing a page in met: VM_EEOF beyond the end of a file, VM_ENOSPC for a
         hole when the disk is full, VM_EACCESS; the rest of the range is not locked then.
   POOL: 64
   KERNEL: -policy=clock
   DISK: 1 */
#include "tests/guest/lib/memory.h"

/* Fills the disk with one file. */
static void fill_disk(void) {
  static char page[PAGE];
  CHECK(create("filler", 0), "create");
  int fd = must_open("filler");
  while (write(fd, page, PAGE) == (int)PAGE) continue;
  while (write(fd, page, 512) == 512) continue;
  close(fd);
}

/* One error after the other, with a good page before each. */
void test_main(void) {
  CHECK(create("holes", 0) && create("short", 0), "create");
  int holes = must_open("holes"), file = must_open("short");
  CHECK_IS(write(file, "12345", 5), 5);
  char *beyond = vm_map(0, 3 * PAGE, READ_WRITE, MAP_SHARED, file, 0);
  CHECK_IS(vm_lock(beyond, 3 * PAGE), VM_EEOF);
  *beyond = 'f';
  CHECK_IS(write(holes, beyond, PAGE), PAGE);
  seek(holes, 50 * PAGE);
  CHECK_IS(write(holes, "end", 3), 3);
  fill_disk();
  char *memory = vm_map(0, 50 * PAGE, READ_WRITE, MAP_SHARED, holes, 0);
  CHECK_IS(vm_lock(memory, 4 * PAGE), VM_ENOSPC);
  CHECK_IS(vm_lock(memory, PAGE), VM_OK);
  CHECK_IS(vm_protect(memory, 50 * PAGE, PROT_READ), VM_OK);
  CHECK_IS(vm_lock(memory + PAGE, 3 * PAGE), VM_OK);
  push_out();
  CHECK_IS(count_resident(memory, 4), 4);
  CHECK_IS(vm_unlock(memory, 50 * PAGE), VM_OK);
  CHECK_IS(vm_protect(memory + 2 * PAGE, PAGE, PROT_NONE), VM_OK);
  CHECK_IS(vm_lock(memory, 4 * PAGE), VM_EACCESS);
  push_out();
  CHECK_IS(count_resident(memory, 4), 0);
  CHECK(memory[0] == 'f' && memory_is_zero(memory + PAGE, PAGE), "content");
}
