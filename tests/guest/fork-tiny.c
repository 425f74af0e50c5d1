/* TEST: fork, mappings and the heap work in a pool of 8 frames.
   POOL: 8 */
#include "tests/guest/lib/memory.h"

#define PAGES 20

static char *heap;

/* Changes what it inherited. */
static int child(char *memory) {
  check_pages(memory, PAGES, 1);
  check_pages(heap, PAGES, 2);
  fill_pages(memory, PAGES, 3);
  fill_pages(heap, PAGES, 4);
  fill_pages(PLACE, PAGES, 5);
  check_pages(memory, PAGES, 3);
  check_pages(heap, PAGES, 4);
  return 6;
}

/* Two children at once write the same to the shared file. */
void test_main(void) {
  CHECK(create("file", PAGES * PAGE), "create");
  map_file("file", PLACE);
  char *memory = map_anonymous(PAGES);
  heap = sbrk(PAGES * PAGE);
  fill_pages(memory, PAGES, 1);
  fill_pages(heap, PAGES, 2);
  pid_t one = start_child(child, memory), two = start_child(child, memory);
  check_pages(memory, PAGES, 1);
  CHECK_IS(wait(one), 6);
  CHECK_IS(wait(two), 6);
  check_pages(memory, PAGES, 1);
  check_pages(heap, PAGES, 2);
  check_pages(PLACE, PAGES, 5);
}
