/* HELPER: reads all of its large constants and data, adds 1 to the first word of the file "ready" and
   waits until the second is not 0. */
#include "tests/guest/lib/memory.h"

static const volatile char constants[100 * PAGE] = {1};
static volatile char data[20 * PAGE] = {1};
static volatile char bss[60 * PAGE];

/* The sum of a byte of each of COUNT pages at MEMORY. */
static int sum(const volatile char *memory, unsigned count) {
  int total = 0;
  for (unsigned i = 0; i < count; i++) total += memory[i * PAGE];
  return total;
}

/* Ends with 9. */
int main(void) {
  test_name = "call-sharer";
  int total = sum(constants, 100) + sum(data, 20) + sum(bss, 60);
  map_file("ready", PLACE);
  volatile unsigned *ready = (unsigned *)PLACE;
  ready[0]++;
  while (ready[1] == 0) sleep_ms(10);
  return total == 2 ? 9 : 1;
}
