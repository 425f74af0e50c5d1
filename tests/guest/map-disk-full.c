/* TEST: Who writes through a mapping to a hole of a file when the disk is full is killed, at the
         write and alone; all that was written before is in the file.
   POOL: 48
   DISK: 1
   ALLOW: ^map-disk-full: .*(space|full|disk|file system|block).*$ */
#include "tests/guest/lib/memory.h"

#define PAGES 600

/* Writes page after page, and how many in the page that is shared with the parent. */
static int write_all(char *count) {
  for (unsigned i = 0; i < PAGES; i++) {
    page_fill(PAGE_AT(PLACE, i), i, 1);
    *(volatile unsigned *)count = i + 1;
  }
  return 0;
}

/* Reads a file into a page of the mapping that has no block. */
static int read_into(char *memory) {
  return read(must_open("other"), memory, 5);
}

/* The child dies, the parent looks at what it wrote. */
void test_main(void) {
  CHECK(create("file", 0) && create("other", 5), "create");
  int fd = must_open("file");
  seek(fd, PAGES * PAGE - 1);
  CHECK_IS(write(fd, "e", 1), 1);
  int id = mmap(fd, PLACE);
  CHECK(id != MAP_FAILED, "mmap");
  char *count = map_shared(1);
  must_die(write_all, count, "writing more than the disk holds");
  unsigned written = *(unsigned *)count;
  CHECK(written > 20 && written < PAGES, "%u pages written", written);
  check_pages(PLACE, written, 1);
  must_die(read_into, PAGE_AT(PLACE, written), "read() into a page without a block");
  must_die(read_into, PAGE_AT(PLACE, written + 20), "read() into a page without a block");
  CHECK(memory_is_zero(PAGE_AT(PLACE, written + 20), PAGE), "it must still read as zero");
  push_out();
  check_pages(PLACE, written, 1);
  munmap(id);
  CHECK(remove("file"), "remove");
  close(fd);
  make_file("third", 20 * PAGE, 2);
  check_file("third", 20 * PAGE, 2);
}
