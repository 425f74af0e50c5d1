/* TEST: Limits below what is in use take nothing away: heap, stack and locked memory go on as they are,
         more is refused, and what was given back can be had again up to the limit; sbrk(0) always tells
         the end, and malloc lives on with what it has.
   POOL: 200 */
#include <stdlib.h>
#include <string.h>
#include "tests/guest/lib/memory.h"

#define PIECE 3000
#define DEPTH 300000u

/* The heap, with a limit of BYTES. */
static void check_heap(uint32_t bytes) {
  char *start = sbrk(0);
  CHECK_IS(sbrk(50000), start);
  pattern_fill(start, 50000, 0, 1);
  CHECK_IS(setrlimit(LIMIT_HEAP, bytes), VM_OK);
  CHECK_IS(sbrk(0), start + 50000);
  CHECK(pattern_is(start, 50000, 0, 1), "the heap must be as it was");
  CHECK_IS(sbrk(1), -1);
  CHECK_IS(sbrk(-20000), start + 50000);
  CHECK_IS(sbrk(0), start + 30000);
  CHECK_IS(sbrk(1), -1);
  CHECK_IS(sbrk(-30000), start + 30000);
  CHECK_IS(sbrk(0), start);
  CHECK_IS(setrlimit(LIMIT_HEAP, 100 << 20), VM_OK);
}

/* malloc with limits that come and go, before its first piece and after. */
static void check_malloc(void) {
  char *piece;
  sbrk(5000);
  CHECK_IS(setrlimit(LIMIT_HEAP, 0), VM_OK);
  CHECK(malloc(10) == NULL, "the first piece, with no heap");
  CHECK_IS(setrlimit(LIMIT_HEAP, 100 << 20), VM_OK);
  CHECK((piece = malloc(PIECE)) != NULL, "the first piece");
  memset(piece, 1, PIECE);
  CHECK_IS(setrlimit(LIMIT_HEAP, 100), VM_OK);
  while (malloc(100) != NULL) continue;
  CHECK(realloc(piece, 1 << 20) == NULL && calloc(1000, 1000) == NULL, "too much");
  free(piece);
  CHECK((piece = malloc(PIECE)) != NULL, "the same again");
  malloc_check();
  CHECK_IS(setrlimit(LIMIT_HEAP, 100 << 20), VM_OK);
  CHECK(malloc(1 << 20) != NULL, "much");
  malloc_check();
}

/* Goes DEPTH bytes down, has its limit set below that, and uses all of it. */
static int stay_deep(char *unused) {
  (void)unused;
  volatile char stack[DEPTH];
  for (unsigned i = 0; i < DEPTH; i += PAGE) stack[i] = (char)(i / PAGE);
  CHECK_IS(setrlimit(LIMIT_STACK, 100000), VM_OK);
  for (unsigned i = 0; i < DEPTH; i += PAGE)
    CHECK(stack[i] == (char)(i / PAGE), "page %u", i / PAGE);
  char *low = (char *)((uintptr_t)stack & ~(PAGE - 1)) - 4 * PAGE;
  CHECK_IS(vm_map(low, PAGE, READ_WRITE, ANONYMOUS | MAP_FIXED, -1, 0), VM_EOVERLAP);
  return 5;
}

/* Uses DEPTH bytes of stack. */
static NO_INLINE int go_deep(void) {
  volatile char stack[DEPTH];
  stack[0] = 1;
  return stack[0];
}

/* Goes deeper than its limit. */
static int go_too_deep(char *unused) {
  (void)unused;
  CHECK_IS(setrlimit(LIMIT_STACK, 100000), VM_OK);
  return go_deep();
}

/* Locked memory. */
static void check_locked(void) {
  char *memory = map_anonymous(8);
  CHECK_IS(vm_lock(memory, 6 * PAGE), VM_OK);
  CHECK_IS(setrlimit(LIMIT_LOCKED, 2 * PAGE), VM_OK);
  push_out();
  CHECK_IS(count_resident(memory, 6), 6);
  CHECK_IS(vm_lock(memory, 6 * PAGE), VM_OK);
  CHECK_IS(vm_lock(PAGE_AT(memory, 6), PAGE), VM_ELIMIT);
  CHECK_IS(vm_lock(memory, 7 * PAGE), VM_ELIMIT);
  CHECK_IS(vm_unlock(memory, 5 * PAGE), VM_OK);
  CHECK_IS(vm_lock(PAGE_AT(memory, 6), PAGE), VM_OK);
  CHECK_IS(vm_lock(PAGE_AT(memory, 7), PAGE), VM_ELIMIT);
}

void test_main(void) {
  check_heap(100);
  check_heap(0);
  check_heap(30000);
  check_malloc();
  CHECK_IS(run_child(stay_deep, NULL), 5);
  must_die(go_too_deep, NULL, "a stack beyond its limit");
  check_locked();
}
