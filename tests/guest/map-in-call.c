/* TEST: Mappings serve as buffers of read and write: of another file, and of the very pages that
         are read or written; read-only ones must not be read into.
   POOL: 32 */
#include "tests/guest/lib/memory.h"

#define SIZE (12 * PAGE + 77)

static int from;

/* Reads the file into its argument. */
static int read_into(char *memory) {
  seek(from, 0);
  return read(from, memory, 100);
}

/* Copies by write from a mapping, by read into one, and a page onto itself. */
void test_main(void) {
  make_file("from", SIZE, 1);
  CHECK(create("to", SIZE), "create");
  from = must_open("from");
  int to = must_open("to");
  CHECK(mmap(from, PLACE) != MAP_FAILED && mmap(to, PLACE2) != MAP_FAILED, "mmap");
  push_out();
  CHECK_IS(write(to, PLACE, SIZE), SIZE);
  check_file("to", SIZE, 1);
  pattern_fill(PLACE, SIZE, 0, 2);
  CHECK_IS(read(from, PLACE2, SIZE), SIZE);
  check_file("to", SIZE, 2);
  seek(from, 0);
  CHECK_IS(write(from, PLACE, SIZE), SIZE);
  seek(from, 0);
  CHECK_IS(read(from, PLACE, SIZE), SIZE);
  push_out();
  seek(from, 0);
  CHECK_IS(write(from, PLACE, SIZE), SIZE);
  push_out();
  seek(from, 0);
  CHECK_IS(read(from, PLACE, SIZE), SIZE);
  check_file("from", SIZE, 2);
  CHECK_IS(vm_protect(PLACE2, PAGE, PROT_READ), VM_OK);
  must_die(read_into, PLACE2, "read() into a read-only mapping");
}
