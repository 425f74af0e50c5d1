/* TEST: Mapping 2 GB of zeroes costs nothing until it is touched, and then only the pages that are
         touched.
   POOL: 64 */
#include "tests/guest/lib/memory.h"

#define SIZE 0x80000000u

/* Touches eight pages far apart. */
void test_main(void) {
  struct vm_info before = figures_all();
  char *memory = vm_map(0, SIZE, READ_WRITE, ANONYMOUS, -1, 0);
  CHECK(!vm_is_error(memory), "vm_map gave %ld", (long)memory);
  struct vm_info mapped = figures_all();
  CHECK(mapped.frames_free == before.frames_free, "no frame may be taken");
  CHECK(mapped.resident <= before.resident + 1, "nothing may become resident");
  CHECK_IS(run_child(read_byte, memory), 0);
  for (unsigned i = 0; i < 8; i++) page_fill(memory + i * (SIZE / 8), i, 1);
  struct vm_info touched = figures_all();
  CHECK(mapped.frames_free - touched.frames_free <= 8 + 2, "eight pages took %u frames",
        mapped.frames_free - touched.frames_free);
  for (unsigned i = 0; i < 8; i++) CHECK(page_verify(memory + i * (SIZE / 8), i, 1), "page %u", i);
  CHECK_IS(vm_unmap(memory, SIZE), VM_OK);
  CHECK(figures_all().resident <= before.resident + 2, "all must be gone");
  must_die(read_byte, memory, "reading it after that");
}
