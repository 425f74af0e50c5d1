/* true: succeeds. */
#include <syscall.h>

/* Does nothing. */
int main(void) {
  return EXIT_SUCCESS;
}
