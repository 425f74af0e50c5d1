/* What fsync() and vm_sync() say when the disk refuses to write its cache out, once for each
   (tests/cuts/test_cuts.py has such a disk). */
#include "tests/guest/lib/memory.h"

/* Each fails once and then succeeds. */
int main(int argc, char *argv[]) {
  (void)argc;
  test_name = argv[0];
  make_file("file", 3 * PAGE, 1);
  int fd = must_open("file");
  CHECK_IS(fsync(fd), VM_EIO);
  char *memory = vm_map(0, 3 * PAGE, READ_WRITE, MAP_SHARED, fd, 0);
  memory[0] = 'x';
  CHECK_IS(vm_sync(memory, PAGE), VM_EIO);
  CHECK_IS(vm_sync(memory, PAGE), VM_OK);
  CHECK_IS(fsync(fd), VM_OK);
  return EXIT_SUCCESS;
}
