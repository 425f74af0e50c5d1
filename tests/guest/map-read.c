/* TEST: A mapped file reads as the file; what its last page has beyond the end is zero; nothing is
         read before it is touched.
   POOL: 64 */
#include <string.h>
#include "tests/guest/lib/memory.h"

#define PAGES 40 /* Many more than this program has of its own, which may leave and come back. */
#define SIZE  (PAGES * PAGE + 123)

/* Maps, looks, unmaps. */
void test_main(void) {
  make_file("file", SIZE, 1);
  int fd = must_open("file");
  push_out();
  struct vm_info before = figures_all();
  int id = mmap(fd, PLACE);
  struct vm_info mapped = figures_all();
  CHECK(mapped.file_reads == before.file_reads, "mapping must read nothing");
  CHECK(mapped.frames_free == before.frames_free, "mapping must take no frame");
  CHECK(pattern_is(PLACE + PAGES * PAGE, 123, PAGES * PAGE, 1), "the last page");
  CHECK(memory_is_zero(PLACE + SIZE, PAGE - 123), "the tail must be zero");
  CHECK(figures_all().file_reads < mapped.file_reads + PAGES, "one page touched must not read all");
  CHECK(pattern_is(PLACE, SIZE, 0, 1), "the whole file");
  munmap(id);
  must_die(read_byte, PLACE, "reading after munmap");
}
