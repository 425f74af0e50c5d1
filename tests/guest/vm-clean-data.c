/* TEST: Writable data that is only read goes back to its file, not to swap; zeroes that are only
         read go nowhere.
   POOL: 64
   DISK: 3 */
#include <stdint.h>
#include <stdio.h>
#include <syscall.h>
#include "tests/guest/lib/figures.h"
#include "tests/guest/lib/test.h"

#define BYTES (400 * 1024)

static volatile unsigned char data[BYTES] = {[0] = 5, [BYTES / 2] = 6, [BYTES - 1] = 7};
static volatile unsigned char zeroes[BYTES];

/* Sums both, three times. */
void test_main(void) {
  uint32_t before = figures_all().file_writes;
  for (int pass = 0; pass < 3; pass++) {
    unsigned sum = 0, zero_sum = 0;
    for (int i = 0; i < BYTES; i += 4) sum += data[i] + data[i + 1] + data[i + 2] + data[i + 3];
    for (int i = 0; i < BYTES; i += 64) zero_sum += zeroes[i];
    CHECK(sum == 5 + 6 + 7, "sum of the data, pass %d: %u", pass, sum);
    CHECK(zero_sum == 0, "sum of the zeroes, pass %d: %u", pass, zero_sum);
  }
  struct vm_info info = figures_all();
  CHECK(info.swap_writes <= 6, "only the stack and a few variables went to swap: %u pages",
        (unsigned)info.swap_writes);
  CHECK(info.file_writes == before, "%u pages were written to files",
        (unsigned)(info.file_writes - before));
}
