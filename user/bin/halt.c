/* halt: powers the machine off. */
#include <syscall.h>

/* Does not come back. */
int main(void) {
  halt();
}
