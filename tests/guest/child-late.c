/* child-late MS: sleeps, then checks 200 KB of its own constants; ends with 44. */
#include <stdlib.h>
#include <syscall.h>

#define COUNT 50000

/* Not all alike, so that they are in the file; not constant, so that they are not folded. */
static volatile const int constants[COUNT] = {[0 ... COUNT - 2] = 77, [COUNT - 1] = 78};

/* Adds them up, twice. */
int main(int argc, char *argv[]) {
  sleep_ms(argc > 1 ? (unsigned)atoi(argv[1]) : 0);
  for (int round = 0; round < 2; round++) {
    int sum = 0;
    for (int i = 0; i < COUNT; i++) sum += constants[i];
    if (sum != 77 * COUNT + 1) return 1;
  }
  return 44;
}
