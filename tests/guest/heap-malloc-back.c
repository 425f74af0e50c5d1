/* TEST: Freed memory at the heap's end goes back to the kernel; malloc gets along with others who
         move the break, and with a heap that cannot grow.
   POOL: 64 */
#include <stdlib.h>
#include <string.h>
#include "tests/guest/lib/memory.h"

#define COUNT 100
#define SIZE  20000

static char *pieces[COUNT];

/* Grows to 2 MB and back. */
static void check_trim(void) {
  char *low = sbrk(0);
  for (int i = 0; i < COUNT; i++) {
    pieces[i] = malloc(SIZE);
    memset(pieces[i], i, SIZE);
  }
  char *high = sbrk(0);
  CHECK(high - low >= COUNT * SIZE, "the heap must have grown");
  for (int i = 0; i < COUNT; i += 2) free(pieces[i]);
  for (int i = 1; i < COUNT; i += 2) free(pieces[i]);
  char *after = sbrk(0);
  CHECK(after - low <= 0x20000, "%d of %d bytes were kept", (int)(after - low), (int)(high - low));
  CHECK(figures_all().swapped <= 40, "slots must be free again: %u", figures_all().swapped);
}

/* Takes memory between pieces for itself. */
static void check_others(void) {
  char *own[20];
  for (int i = 0; i < 20; i++) {
    pieces[i] = malloc(SIZE);
    own[i] = sbrk(1001);
    memset(own[i], 'o', 1001);
    memset(pieces[i], i, SIZE);
  }
  malloc_check();
  for (int i = 0; i < 20; i++) free(pieces[i]);
  malloc_check();
  for (int i = 0; i < 20; i++)
    for (int k = 0; k < 1001; k++) CHECK(own[i][k] == 'o', "memory of others was touched");
}

/* Uses all the heap's limit allows. */
static void check_limit(void) {
  char *end = sbrk(0);
  void *row = NULL;
  unsigned count = 0;
  CHECK_IS(setrlimit(LIMIT_HEAP, 1500000), VM_OK);
  for (void **piece; (piece = malloc(5000)) != NULL; row = piece, count++) *piece = row;
  CHECK(count > 100 && count < 300, "%u pieces", count);
  CHECK(malloc(5000) == NULL, "still full");
  for (void **piece = row; piece != NULL; piece = row) {
    row = *piece;
    free(piece);
  }
  malloc_check();
  CHECK((char *)sbrk(0) - end < 0x20000, "all must go back");
  CHECK(malloc(500000) != NULL, "then there is room again");
}

/* One after the other. */
void test_main(void) {
  check_trim();
  check_others();
  check_limit();
}
