/* TEST: What system calls write to memory after fork is private too: neither read() nor another call of
         the child is seen by the parent, nor the other way round; also on pages of zeroes only read so
         far.
   POOL: 48 */
#include <string.h>
#include "tests/guest/lib/memory.h"

#define PAGES 8

static char data[PAGES * PAGE] = {1};
static char *areas[4];

/* Reads the file into all areas, and has other calls write too. */
static void write_by_calls(unsigned seed) {
  int fd = must_open(seed == 1 ? "one" : "two");
  for (unsigned i = 0; i < 4; i++) {
    seek(fd, 0);
    CHECK_IS(read(fd, areas[i], PAGES * PAGE), PAGES * PAGE);
    CHECK_IS(getrlimit(LIMIT_STACK, (uint32_t *)(void *)(areas[i] + 4 * PAGE)), VM_OK);
    CHECK_IS(vm_info((struct vm_info *)(void *)(areas[i] + 5 * PAGE), 8), 8);
    CHECK_IS(vm_resident((void *)((uintptr_t)areas[i] & ~(PAGE - 1)), PAGE,
                         (uint8_t *)(areas[i] + 6 * PAGE)),
             VM_OK);
  }
  close(fd);
}

/* Whether all areas have the file's bytes where no other call wrote. */
static void check_areas(unsigned seed) {
  for (unsigned i = 0; i < 4; i++) {
    CHECK(pattern_is(areas[i], 4 * PAGE, 0, seed), "area %u", i);
    CHECK(pattern_is(areas[i] + 7 * PAGE, PAGE, 7 * PAGE, seed), "end of area %u", i);
  }
}

/* The child's turn. */
static int child(char *zeroes) {
  write_by_calls(2);
  check_areas(2);
  int fd = must_open("two");
  CHECK_IS(read(fd, zeroes + 100, 50), 50);
  push_out();
  check_areas(2);
  return pattern_is(zeroes + 100, 50, 0, 2) && zeroes[99] == 0 && zeroes[150] == 0 ? 6 : 1;
}

/* Parent, child, parent. */
void test_main(void) {
  char stack[PAGES * PAGE];
  make_file("one", PAGES * PAGE, 1);
  make_file("two", PAGES * PAGE, 2);
  char *list[] = {stack, data, sbrk(PAGES * PAGE), map_anonymous(PAGES)};
  memcpy(areas, list, sizeof areas);
  char *zeroes = map_anonymous(1);
  CHECK(memory_is_zero(zeroes, PAGE), "zeroes");
  write_by_calls(1);
  CHECK_IS(run_child(child, zeroes), 6);
  check_areas(1);
  CHECK(memory_is_zero(zeroes, PAGE), "zeroes");
  pid_t pid = start_child(child, zeroes);
  write_by_calls(1);
  CHECK_IS(wait(pid), 6);
  check_areas(1);
}
