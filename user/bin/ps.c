/* ps: prints all processes. */
#include <processes.h>
#include <stdio.h>
#include <string.h>
#include <syscall.h>

/* Prints them once. */
int main(int argc, char *argv[]) {
  if (argc > 1) {
    printf("usage: ps\nPrints all processes: what each has in memory and in swap (KiB), its faults "
           "that read from a\n"
           "disk, the processor's time, and what it waits for.\n");
    return strcmp(argv[1], "-h") == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
  }
  return processes_print() ? EXIT_SUCCESS : EXIT_FAILURE;
}
