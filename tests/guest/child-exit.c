/* child-exit [STATUS [MS]]: ends with STATUS, after MS milliseconds. */
#include <stdlib.h>
#include <syscall.h>

/* Does so. */
int main(int argc, char *argv[]) {
  if (argc > 2) sleep_ms((unsigned)atoi(argv[2]));
  return argc > 1 ? atoi(argv[1]) : 0;
}
