/* child-pid: ends with its pid. */
#include <syscall.h>

/* Asks. */
int main(void) {
  return getpid();
}
