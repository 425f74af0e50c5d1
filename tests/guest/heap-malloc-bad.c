/* TEST: A piece freed twice, a pointer that is none of a piece, and an overrun piece end the program
         that does it.
   ALLOW: ^User process ABORT at .*$ */
#include <stdlib.h>
#include <string.h>
#include "tests/guest/lib/memory.h"

static char *pieces[4];

/* What to do wrong, by number. */
static int do_wrong(char *deed) {
  switch (*deed) {
  case 0: free(pieces[1]); break;
  case 1: free(pieces[1] + 8); return 5;
  case 2: free(pieces[1] + 1); return 5;
  case 3: free(deed); return 5;
  case 4: memset(pieces[1], 0, malloc_usable_size(pieces[1]) + 4); break;
  case 5: free((char *)sbrk(0) + 64); return 5;
  }
  free(pieces[1]);
  return 5;
}

/* Each in a child. */
void test_main(void) {
  for (int i = 0; i < 4; i++) {
    pieces[i] = malloc(100);
    memset(pieces[i], 0, 100);
  }
  for (char deed = 0; deed < 6; deed++) {
    int status = run_child(do_wrong, &deed);
    CHECK(status == 1 || status == -1, "deed %d gave status %d", deed, status);
  }
}
