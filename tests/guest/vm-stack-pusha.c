/* TEST: PUSHA and PUSH grow the stack by faulting 32 and 4 bytes below esp. */
#include <stdint.h>
#include <stdio.h>
#include <syscall.h>
#include "tests/guest/lib/pages.h"
#include "tests/guest/lib/test.h"

/* Sets esp to a page boundary far below, pushes all registers, pops them; then one word. */
void test_main(void) {
  uint32_t boundary = ((uint32_t)(uintptr_t)__builtin_frame_address(0) & ~(PAGE - 1)) - 6 * PAGE;
  uint32_t popped = 0;
  __asm__ volatile("mov %%esp, %%ebx\n\t"
                   "mov %1, %%esp\n\t"
                   "pusha\n\t"
                   "popa\n\t"
                   "sub %2, %%esp\n\t"
                   "push %%ebx\n\t"
                   "pop %0\n\t"
                   "mov %%ebx, %%esp"
                   : "=&c"(popped)
                   : "S"(boundary), "D"(4 * PAGE)
                   : "ebx", "memory", "cc");
  CHECK(popped != 0, "the word came back");
}
