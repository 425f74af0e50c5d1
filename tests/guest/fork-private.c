/* TEST: After fork, parent and child each have stack, heap, data, bss and private mappings of their
         own: neither sees what the other writes, also when pages leave.
   POOL: 48 */
#include <string.h>
#include "tests/guest/lib/memory.h"

#define PAGES 6

static char data[PAGES * PAGE] = {1};
static char bss[PAGES * PAGE];
static char *areas[6];
#define AREAS (sizeof areas / sizeof *areas)

/* Writes version VERSION to all areas. */
static void fill_all(unsigned version) {
  for (unsigned i = 0; i < AREAS; i++) fill_pages(areas[i], PAGES, version + i);
}

/* Checks it. */
static void check_all(unsigned version) {
  for (unsigned i = 0; i < AREAS; i++) check_pages(areas[i], PAGES, version + i);
}

/* The child writes, then looks while the parent writes. */
static int child(char *stage) {
  check_all(10);
  fill_all(20);
  push_out();
  *(volatile char *)stage = 1;
  while (*(volatile char *)stage != 2) yield();
  check_all(20);
  return 4;
}

/* One area of each kind. */
void test_main(void) {
  char stack[PAGES * PAGE];
  make_file("file", PAGES * PAGE, 1);
  char *mapped = vm_map(0, PAGES * PAGE, READ_WRITE, MAP_PRIVATE, must_open("file"), 0);
  char *list[] = {stack, sbrk(PAGES * PAGE), data, bss, mapped, map_anonymous(PAGES)};
  memcpy(areas, list, sizeof areas);
  volatile char *stage = map_shared(1);
  fill_all(10);
  pid_t pid = start_child(child, (char *)stage);
  while (*stage != 1) yield();
  check_all(10);
  fill_all(30);
  push_out();
  *stage = 2;
  CHECK_IS(wait(pid), 4);
  check_all(30);
  check_file("file", PAGES * PAGE, 1);
}
