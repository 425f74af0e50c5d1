/* TEST: Four processes change one mapped file at once in a pool smaller than it, each its own words;
         nothing is lost.
   POOL: 40 */
#include <stdio.h>
#include "tests/guest/lib/memory.h"

#define PAGES    60
#define CHILDREN 4
#define PASSES   3

/* Adds one to its word of every page in every pass. */
static int count_up(char *number) {
  map_file("file", PLACE + 0x1000000 * *number);
  for (int pass = 0; pass < PASSES; pass++)
    for (unsigned i = 0; i < PAGES; i++)
      ((uint32_t *)PAGE_AT(PLACE + 0x1000000 * *number, i))[(uint8_t)*number * 11]++;
  return *number;
}

/* Starts all, then looks at the file. */
void test_main(void) {
  char numbers[CHILDREN] = {1, 2, 3, 4};
  pid_t children[CHILDREN];
  CHECK(create("file", PAGES * PAGE), "create");
  for (int i = 0; i < CHILDREN; i++) children[i] = start_child(count_up, &numbers[i]);
  for (int i = 0; i < CHILDREN; i++) CHECK_IS(wait(children[i]), numbers[i]);
  static uint32_t page[WORDS];
  int fd = must_open("file");
  for (unsigned i = 0; i < PAGES; i++) {
    CHECK_IS(read(fd, page, PAGE), PAGE);
    for (unsigned word = 0; word < WORDS; word++)
      CHECK(page[word] == (word % 11 == 0 && word > 0 && word <= 44 ? PASSES : 0),
            "word %u of page %u is %u", word, i, (unsigned)page[word]);
  }
}
