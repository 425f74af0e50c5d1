/* TEST: What a mapping changes in a file that write() and remove() work on at the same time: several
         processes, a pool of 36 frames; the file is whole in the end.
   POOL: 36 */
#include "tests/guest/lib/memory.h"

#define PAGES  48
#define PASSES 4

/* Writes its pages (every other) through a mapping, in every pass. */
static int write_mapping(char *unused) {
  (void)unused;
  map_file("file", PLACE);
  for (unsigned pass = 1; pass <= PASSES; pass++)
    for (unsigned i = 0; i < PAGES; i += 2) page_fill(PAGE_AT(PLACE, i), i, pass);
  return 1;
}

/* Writes the others by write(). */
static int write_file(char *unused) {
  static char page[PAGE];
  (void)unused;
  int fd = must_open("file");
  for (unsigned pass = 1; pass <= PASSES; pass++)
    for (unsigned i = 1; i < PAGES; i += 2) {
      page_fill(page, i, pass);
      seek(fd, i * PAGE);
      CHECK_IS(write(fd, page, PAGE), PAGE);
    }
  return 2;
}

/* Makes and removes other files, mapped too. */
static int make_files(char *unused) {
  (void)unused;
  for (unsigned i = 0; i < 12; i++) {
    make_file("other", 10 * PAGE + i, i);
    int id = map_file("other", PLACE2);
    CHECK(remove("other"), "remove");
    CHECK(pattern_is(PLACE2, 10 * PAGE + i, 0, i), "content of a removed file");
    if (i % 2)
      munmap(id);
    else
      vm_unmap(PLACE2, 11 * PAGE);
  }
  return 3;
}

/* All three at once. */
void test_main(void) {
  CHECK(create("file", PAGES * PAGE), "create");
  pid_t one = start_child(write_mapping, NULL), two = start_child(write_file, NULL);
  CHECK_IS(run_child(make_files, NULL), 3);
  CHECK_IS(wait(one), 1);
  CHECK_IS(wait(two), 2);
  map_file("file", PLACE);
  CHECK(remove("file"), "remove");
  check_pages(PLACE, PAGES, PASSES);
}
