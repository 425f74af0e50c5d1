/* HELPER: reads 50 pages of constants twice; its status is the number of pages that were right. */
#include <stdint.h>
#include <syscall.h>

__asm__(".section .rodata\n"
        ".balign 4096\n"
        ".globl shared_table\n"
        "shared_table:\n"
        ".set i, 0\n"
        ".rept 50\n"
        ".long i + 1000\n"
        ".fill 4092, 1, 0x5a\n"
        ".set i, i + 1\n"
        ".endr\n"
        ".text\n");
extern const uint32_t shared_table[50 * 1024];

/* Counts the pages that begin as they must. */
int main(void) {
  int right = 0;
  for (int pass = 0; pass < 2; pass++) {
    right = 0;
    for (uint32_t page = 0; page < 50; page++)
      right += *(volatile const uint32_t *)&shared_table[page * 1024] == page + 1000;
  }
  return right;
}
