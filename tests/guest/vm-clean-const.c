/* TEST: Read-only data twice the size of the pool, gone over several times, never reaches swap.
   POOL: 64
   DISK: 3 */
#include <stdint.h>
#include <stdio.h>
#include <syscall.h>
#include "tests/guest/lib/figures.h"
#include "tests/guest/lib/test.h"

#define COUNT 131072 /* Words: 512 KB. */

/* Words that tell their place. */
__asm__(".section .rodata\n"
        ".balign 4096\n"
        ".globl table\n"
        "table:\n"
        ".set i, 0\n"
        ".rept 131072\n"
        ".long i * 9973 + 7\n"
        ".set i, i + 1\n"
        ".endr\n"
        ".text\n");
extern const uint32_t table[COUNT];

/* Checks every word, forwards and backwards. */
void test_main(void) {
  uint32_t before = figures_all().file_writes;
  for (int pass = 0; pass < 3; pass++) {
    uint32_t wrong = 0;
    for (uint32_t i = 0; i < COUNT; i++) wrong += table[i] != i * 9973 + 7;
    for (uint32_t i = COUNT; i-- > 0;) wrong += table[i] != i * 9973 + 7;
    CHECK(wrong == 0, "pass %d: %u words wrong", pass, (unsigned)wrong);
  }
  struct vm_info info = figures_all();
  CHECK(info.swap_writes <= 6, "only the stack and a few variables went to swap: %u pages",
        (unsigned)info.swap_writes);
  CHECK(info.file_writes == before, "%u pages were written to files",
        (unsigned)(info.file_writes - before));
}
