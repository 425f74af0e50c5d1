/* TEST: mmap fails where it would overlap another mapping, at its front, its end, inside or around
         it; the mappings stay as they were.
   POOL: 48 */
#include "tests/guest/lib/memory.h"

#define BASE (PLACE + 10 * PAGE)

/* Maps FD at ADDRESS, which must fail. */
static void refuse(int fd, char *address) {
  CHECK(mmap(fd, address) == MAP_FAILED, "mmap at %p must fail", (void *)address);
}

/* A mapping of six pages against one of ten and one of one. */
void test_main(void) {
  make_file("six", 6 * PAGE, 1);
  make_file("ten", 10 * PAGE - 5, 2);
  make_file("one", 1, 3);
  int ten = must_open("ten"), one = must_open("one");
  map_file("six", BASE);
  BASE[0] = 'x';
  struct vm_info before = figures_all();
  for (int page = -9; page < 6; page++) refuse(ten, BASE + page * (int)PAGE);
  for (int page = 0; page < 6; page++) refuse(one, BASE + page * (int)PAGE);
  CHECK(figures_all().resident == before.resident, "pages must stay as they were");
  CHECK(BASE[0] == 'x' && pattern_is(BASE + 1, 6 * PAGE - 1, 1, 1), "the first must be whole");
  must_die(read_byte, BASE - 1, "the byte before it");
  must_die(read_byte, BASE + 6 * PAGE, "the byte after it");
  CHECK(mmap(ten, BASE - 10 * PAGE) != MAP_FAILED, "right before it");
  CHECK(mmap(one, BASE + 6 * PAGE) != MAP_FAILED, "right after it");
  char *anonymous = map_anonymous(2);
  refuse(one, anonymous + PAGE);
  refuse(ten, anonymous - 9 * PAGE);
}
