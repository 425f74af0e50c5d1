/* TEST: While one process holds all kernel memory that it can get, by regions or by children, the calls of
         others that need some fail and change nothing, and faults are served, also those on a few new
         pages; again and again.
   BATTERY: thirty rounds take half a minute
   ROUNDS: 30
   MEM: 2
   POOL: 64 */
#include "tests/guest/lib/full.h"

#define SIZE         0x20000000u
#define OWN_PAGES    4
#define CHILDREN_MAX 400
#define REGIONS_LEFT 500 /* For whom two or three pages have room. */

/* On a page that all share. */
struct stage {
  volatile unsigned ready, full, by_regions, done;
};

static struct stage *stage;

/* Waits until told. */
static void wait_for_end(void) {
  while (stage->done == 0) sleep_ms(10);
}

/* Makes every other page read-only, each a region of its own, until there is no memory. */
static int hold_regions(char *memory) {
  unsigned i = 1;
  while (stage->ready == 0) sleep_ms(1);
  while (vm_protect(PAGE_AT(memory, i), PAGE, PROT_READ) == VM_OK) i += 2;
  stage->by_regions = stage->full = 1;
  wait_for_end();
  return i > 1000 ? 5 : 6;
}

/* Forks until it is refused. */
static int hold_children(char *unused) {
  (void)unused;
  pid_t children[CHILDREN_MAX];
  int count = 0;
  while (stage->ready == 0) sleep_ms(1);
  for (; count < CHILDREN_MAX; count++) {
    children[count] = fork();
    if (children[count] == PID_ERROR) break;
    if (children[count] == 0) {
      wait_for_end();
      exit(7);
    }
  }
  stage->full = 1;
  wait_for_end();
  for (int i = 0; i < count; i++) wait(children[i]);
  return count > 5 ? 5 : 6;
}

/* Maps single pages until that is refused, which must be soon. */
static void map_until_refused(void) {
  char *last = NULL;
  for (int i = 0; i < REGIONS_LEFT; i++) {
    last = vm_map(0, PAGE, READ_WRITE, ANONYMOUS, -1, 0);
    if (vm_is_error(last)) break;
  }
  CHECK_IS(last, VM_ENOMEM);
}

/* What needs memory for long fails when regions have all of it, but for a little that is made by sending pages home.
   Children leave some, at times enough for one more. */
static void check_refusals(void) {
  if (!stage->by_regions) return;
  CHECK_IS(fork(), PID_ERROR);
  CHECK_IS(exec("full-kernel 1"), PID_ERROR);
  map_until_refused();
  CHECK_IS(open("file"), -1);
}

/* Has some pages, and works on them and on new ones when memory is full. */
static int go_on(char *memory) {
  fill_pages(memory, OWN_PAGES, 1);
  stage->ready = 1;
  while (stage->full == 0) sleep_ms(1);
  check_pages(memory, OWN_PAGES, 1);
  fill_pages(memory, 2 * OWN_PAGES, 2);
  check_refusals();
  check_pages(memory, 2 * OWN_PAGES, 2);
  return 8;
}

/* One who holds all by HOLD, one who goes on. */
static void fill(int (*hold)(char *)) {
  char *memory = vm_map(0, SIZE, READ_WRITE, ANONYMOUS, -1, 0);
  CHECK(!vm_is_error(memory), "vm_map");
  stage = (struct stage *)map_shared(1);
  pid_t holder = start_child(hold, memory), other = start_child(go_on, memory);
  int status = wait(other);
  stage->done = 1;
  CHECK_IS(wait(holder), 5);
  CHECK_IS(status, 8);
  CHECK_IS(vm_unmap(memory, SIZE), VM_OK);
  CHECK_IS(vm_unmap(stage, PAGE), VM_OK);
}

/* By each. */
static void use_up(void) {
  fill(hold_regions);
  fill(hold_children);
}

/* All. */
void test_main(void) {
  make_file("file", 10, 1);
  full_rounds(use_up);
}
