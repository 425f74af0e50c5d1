/* TEST: vm_sync and fsync write what was changed and return when it is written; they leave memory as
         it is; errors.
   POOL: 64
   STRESS: counts what is written */
#include "tests/guest/lib/memory.h"

#define PAGES 16

/* Pages written to the file system since boot. */
static unsigned writes(void) {
  return figures_all().file_writes;
}

/* Parts, all, nothing. */
static void check_writes(int fd) {
  char *memory = vm_map(0, PAGES * PAGE, READ_WRITE, MAP_SHARED, fd, 0);
  CHECK_IS(fsync(fd), VM_OK);
  unsigned before = writes();
  memory[0] = memory[5 * PAGE] = memory[10 * PAGE] = 'x';
  CHECK(writes() == before, "nothing is written at once");
  CHECK_IS(vm_sync(memory + PAGE, 5 * PAGE), VM_OK);
  CHECK(writes() == before + 1, "%u pages written for one in the range", writes() - before);
  CHECK_IS(vm_sync(memory, PAGES * PAGE), VM_OK);
  CHECK(writes() == before + 3, "%u pages written for three", writes() - before);
  CHECK_IS(vm_sync(memory, PAGES * PAGE), VM_OK);
  CHECK_IS(fsync(fd), VM_OK);
  CHECK(writes() == before + 3, "what is clean must not be written");
  memory[7 * PAGE] = 'y';
  CHECK_IS(fsync(fd), VM_OK);
  CHECK(writes() == before + 4, "fsync must write what mappings changed");
  memory[7 * PAGE] = 'z';
  CHECK_IS(vm_sync(memory, PAGES * PAGE), VM_OK);
  CHECK(writes() == before + 5, "a page changed again must be written again");
  CHECK(memory[0] == 'x' && memory[7 * PAGE] == 'z', "memory must stay");
}

/* Then errors. */
void test_main(void) {
  make_file("file", PAGES * PAGE, 1);
  CHECK(mkdir("dir"), "mkdir");
  int fd = must_open("file");
  check_writes(fd);
  char *memory = map_anonymous(3);
  fill_pages(memory, 3, 1);
  CHECK_IS(vm_sync(memory, 3 * PAGE), VM_OK);
  CHECK_IS(vm_sync(memory + 1, PAGE), VM_ERANGE);
  CHECK_IS(vm_sync(memory, 0), VM_ERANGE);
  CHECK_IS(vm_sync(USER_END, PAGE), VM_ERANGE);
  CHECK_IS(vm_sync(PLACE, PAGE), VM_ENOMAP);
  CHECK_IS(vm_sync(memory + 2 * PAGE, 1000 * PAGE), VM_ENOMAP);
  check_pages(memory, 3, 1);
  CHECK_IS(fsync(-1), VM_EBADF);
  CHECK_IS(fsync(0), VM_EBADF);
  CHECK_IS(fsync(1), VM_EBADF);
  CHECK_IS(fsync(55), VM_EBADF);
  CHECK_IS(fsync(must_open("dir")), VM_EBADF);
}
