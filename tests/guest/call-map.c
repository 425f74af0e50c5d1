/* TEST: vm_map maps anonymous memory or a file, private or shared, from any page of it on, where it
         is asked to, where it likes if that is taken, or fixed.
   POOL: 48 */
#include <string.h>
#include "tests/guest/lib/memory.h"

#define SIZE (6 * PAGE + 10)

/* All of the file, and parts. */
static void check_files(int fd) {
  char *all = vm_map(PLACE, SIZE, PROT_READ, MAP_SHARED, fd, 0);
  CHECK_IS(all, PLACE);
  CHECK(pattern_is(all, SIZE, 0, 1), "the whole file");
  char *part = vm_map(0, 2 * PAGE, READ_WRITE, MAP_PRIVATE, fd, 3 * PAGE);
  CHECK(!vm_is_error(part) && pattern_is(part, 2 * PAGE, 3 * PAGE, 1), "its middle");
  memset(part, 'x', 2 * PAGE);
  CHECK(pattern_is(all, SIZE, 0, 1), "private writes must stay private");
  char *shared = vm_map(0, PAGE + 10, READ_WRITE, MAP_SHARED, fd, 5 * PAGE);
  CHECK(!vm_is_error(shared) && pattern_is(shared, PAGE + 10, 5 * PAGE, 1), "its end");
  memset(shared, 'y', 5);
  CHECK(memcmp(all + 5 * PAGE, "yyyyy", 5) == 0, "shared writes must be seen");
  must_die(read_byte, shared + 2 * PAGE, "reading behind the mapping");
  char *longer = vm_map(0, 10 * PAGE, READ_WRITE, MAP_SHARED, fd, 0);
  CHECK(!vm_is_error(longer) && memory_is_zero(longer + SIZE, PAGE - 10), "its tail");
  must_die(read_byte, longer + 7 * PAGE, "a shared page wholly beyond the end");
  char *copy = vm_map(0, 10 * PAGE, READ_WRITE, MAP_PRIVATE, fd, 0);
  CHECK(!vm_is_error(copy) && memory_is_zero(copy + SIZE, 10 * PAGE - SIZE), "a private one");
  char *odd = vm_map(0, PAGE + 10, READ_WRITE, MAP_PRIVATE, fd, 0);
  CHECK(!vm_is_error(odd) && pattern_is(odd, 2 * PAGE, 0, 1), "lengths are rounded up to pages");
}

/* Wishes, fixed places, and none. */
static void check_places(void) {
  char *free_place = vm_map(PLACE2, PAGE, READ_WRITE, ANONYMOUS, -1, 0);
  CHECK_IS(free_place, PLACE2);
  char *other = vm_map(PLACE2, PAGE, READ_WRITE, ANONYMOUS, -1, 0);
  CHECK(!vm_is_error(other) && other != PLACE2, "a wish that is taken gives another place");
  CHECK_IS(vm_map(PLACE2, PAGE, READ_WRITE, ANONYMOUS | MAP_FIXED, -1, 0), VM_EOVERLAP);
  CHECK_IS(vm_map(PLACE2 + PAGE, 1, READ_WRITE, ANONYMOUS | MAP_FIXED, -1, 0), PLACE2 + PAGE);
  char *last = PLACE2;
  for (int i = 0; i < 20; i++) {
    char *memory = vm_map(0, 3 * PAGE, READ_WRITE, ANONYMOUS, -1, 0);
    CHECK(!vm_is_error(memory) && (uintptr_t)memory % PAGE == 0, "anywhere");
    CHECK(memory >= last + PAGE || memory + 3 * PAGE <= last, "apart from others");
    CHECK(memory_is_zero(memory, 3 * PAGE), "zero");
    page_fill(memory + PAGE, i, 1);
    last = memory;
  }
  CHECK(page_verify(last + PAGE, 19, 1), "content");
}

/* Rights. */
static void check_rights(void) {
  char *none = vm_map(0, PAGE, PROT_NONE, ANONYMOUS, -1, 0);
  char *readable = vm_map(0, PAGE, PROT_READ, ANONYMOUS, -1, 0);
  char *code = vm_map(0, PAGE, READ_WRITE | PROT_EXEC, ANONYMOUS, -1, 0);
  must_die(read_byte, none, "reading PROT_NONE");
  must_die(write_byte, readable, "writing PROT_READ");
  CHECK_IS(run_child(read_byte, readable), 0);
  memcpy(code, "\xb8\x2a\x00\x00\x00\xc3", 6);
  CHECK_IS(((int (*)(void))code)(), 42);
}

/* Each kind. */
void test_main(void) {
  make_file("file", SIZE, 1);
  check_files(must_open("file"));
  check_places();
  check_rights();
}
