/* TEST: Pages from the file, pages partly file and partly zero, and zero pages hold what they must,
         also after they were evicted clean and dirty.
   POOL: 24
   DISK: 3 */
#include <stdio.h>
#include <syscall.h>
#include "tests/guest/lib/pages.h"
#include "tests/guest/lib/test.h"

#define FILE_PAGES 20
#define FILE_BYTES (FILE_PAGES * 4096 + 1000) /* Ends in the middle of a page. */
#define ZERO_PAGES 40

/* The last of .data, then .bss: the page between them is mixed. */
static volatile unsigned char in_file[FILE_BYTES] = {
    [0] = 11, [5 * 4096] = 22, [FILE_PAGES * 4096] = 33, [FILE_BYTES - 1] = 44};
static volatile unsigned char in_bss[ZERO_PAGES * 4096];
extern char edata[], end[];
static char pressure[64 * 4096];

/* Checks what the loader must have put where; MARK is what was written since. */
static void check_content(int round, int mark) {
  CHECK(in_file[0] == 11 && in_file[5 * 4096] == 22, "full pages, round %d", round);
  CHECK(in_file[FILE_PAGES * 4096] == 33 && in_file[FILE_BYTES - 1] == 44,
        "the mixed page's file part, "
        "round %d",
        round);
  CHECK(in_file[1] == mark, "a byte written, round %d", round);
  unsigned sum = 0;
  for (size_t i = 0; i < sizeof in_bss; i++) sum += in_bss[i];
  CHECK(sum == (unsigned)mark * ZERO_PAGES, "zero pages, round %d: sum %u", round, sum);
}

/* Goes over more memory than the pool has. */
static void evict_all(int round) {
  for (unsigned page = 0; page < sizeof pressure / PAGE; page++)
    page_fill(pressure + page * PAGE, page, round);
  for (unsigned page = 0; page < sizeof pressure / PAGE; page++)
    CHECK(page_verify(pressure + page * PAGE, page, round), "pressure page %u, round %d", page,
          round);
}

/* Checks, evicts clean, checks, dirties, evicts, checks. */
void test_main(void) {
  check_content(1, 0);
  evict_all(1);
  check_content(2, 0);
  in_file[1] = 9;
  for (int i = 0; i < ZERO_PAGES; i++) in_bss[i * 4096 + 100 + i] = 9;
  evict_all(2);
  check_content(3, 9);
}
