/* child-spin N: computes N million steps without a system call; ends with 55 if all registers
   survived being interrupted. */
#include <stdlib.h>
#include <syscall.h>

/* Counts in registers. */
int main(int argc, char *argv[]) {
  unsigned rounds = argc > 1 ? (unsigned)atoi(argv[1]) : 1;
  unsigned wrong = 0;
  for (unsigned i = 0; i < rounds; i++) {
    unsigned down = 200000, up = 0, other = i;
    __asm__ volatile("1: incl %1\n addl $3, %2\n subl $3, %2\n decl %0\n jnz 1b"
                     : "+r"(down), "+r"(up), "+r"(other));
    if (up != 200000 || other != i) wrong++;
  }
  return wrong == 0 ? 55 : 1;
}
