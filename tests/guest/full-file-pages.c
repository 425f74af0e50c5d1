/* TEST: Without swap, and on a disk that is full, a mapping of more pages than there are frames is written
         over and over while others want all frames: they are killed, the file has all; again and again.
   ROUNDS: 40
   POOL: 40
   SWAP: 0
   DISK: 1
   ALLOW: swap: .*
   ALLOW: full-file-pages: out of memory: no frame can be freed .* */
#include "tests/guest/lib/full.h"

#define PAGES 50

static int mapped;

/* Writes all pages of the mapping three times. */
static int write_file(char *counted) {
  (void)counted;
  for (unsigned version = 1; version <= 3; version++) {
    fill_pages(PLACE, PAGES, version);
    check_pages(PLACE, PAGES, version);
  }
  return 5;
}

/* One who writes the file, one who wants all frames. */
static void use_up(void) {
  char *counted = full_map(200);
  pid_t writer = start_child(write_file, counted), hog = start_child(full_fill, counted);
  CHECK_IS(wait(hog), -1);
  CHECK_IS(wait(writer), 5);
  check_pages(PLACE, PAGES, 3);
  CHECK_IS(vm_unmap(counted, 201 * PAGE), VM_OK);
  munmap(mapped);
  mapped = map_file("file", PLACE);
}

/* A file with all its blocks, and another that takes the rest of the disk. */
void test_main(void) {
  static char buffer[PAGE];
  make_file("file", PAGES * PAGE, 1);
  CHECK(create("filler", 0), "create");
  int fd = must_open("filler");
  while (write(fd, buffer, sizeof buffer) > 0) continue;
  close(fd);
  mapped = map_file("file", PLACE);
  full_rounds(use_up);
}
