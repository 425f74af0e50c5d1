/* TEST: The stack grows for a large local array, whichever end is touched first.
   POOL: 64 */
#include <stdio.h>
#include <syscall.h>
#include "tests/guest/lib/pages.h"
#include "tests/guest/lib/test.h"

/* Fills an array of 200 KB on the stack, from its far end if DOWNWARD, and checks it. */
__attribute__((noinline)) static void use_array(bool downward) {
  volatile unsigned char array[200 * 1024];
  for (unsigned i = 0; i < sizeof array; i++) {
    unsigned place = downward ? sizeof array - 1 - i : i;
    array[place] = place * 7 + place / 4096;
  }
  for (unsigned i = 0; i < sizeof array; i++)
    CHECK(array[i] == (unsigned char)(i * 7 + i / 4096), "byte %u", i);
}

/* Both ways. */
void test_main(void) {
  use_array(false);
  use_array(true);
}
