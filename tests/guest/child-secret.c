/* Fills memory, shared memory and a mapped file with its secret, says so by the file `ready', and sleeps. */
#include <string.h>
#include "tests/guest/lib/memory.h"
#include "tests/guest/lib/secret.h"

#define PAGES 8

/* Fills PAGES pages at MEMORY. */
static void fill(char *memory) {
  for (unsigned i = 0; i + SECRET_SIZE < PAGES * PAGE; i += SECRET_SIZE)
    memcpy(memory + i, secret(), SECRET_SIZE);
}

/* Everywhere. */
int main(void) {
  test_name = "child-secret";
  fill(map_anonymous(PAGES));
  fill(map_shared(PAGES));
  make_file("file", PAGES * PAGE, 1);
  map_file("file", PLACE);
  fill(PLACE);
  CHECK(create("ready", 0), "ready");
  sleep_ms(1000000);
  return 0;
}
