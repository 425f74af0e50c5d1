/* TEST: Generations of processes each fork the next and end, handing on memory that each changes, in
         a pool smaller than it: nothing is lost and nothing left over.
   POOL: 40
   SWAP: 2 */
#include "tests/guest/lib/memory.h"

#define PAGES       70
#define GENERATIONS 15

/* Generation NUMBER: writes to a third of the pages, checks all, makes the next. */
static int generation(char *memory, unsigned number) {
  for (unsigned i = 0; i < PAGES; i++) {
    unsigned version = 0;
    for (unsigned g = 1; g <= number; g++)
      if ((i + g) % 3 == 0) version = g;
    if ((i + number) % 3 == 0)
      page_fill(PAGE_AT(memory, i), i, number);
    else if (!page_verify(PAGE_AT(memory, i), i, version))
      return 1;
  }
  if (number == GENERATIONS) return 7;
  pid_t pid = fork();
  if (pid == 0) exit(generation(memory, number + 1));
  return pid == PID_ERROR ? 2 : wait(pid);
}

/* The first. */
void test_main(void) {
  char *memory = map_anonymous(PAGES);
  fill_pages(memory, PAGES, 0);
  CHECK_IS(generation(memory, 1), 7);
}
