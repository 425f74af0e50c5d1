/* free: prints how much memory and swap there is, and what it is used for. */
#include <report.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syscall.h>

/* Prints two lines of what MEMINFO tells, in KiB. */
static void print(const char *meminfo) {
  unsigned total = report_number(meminfo, "MemTotal:"), unused = report_number(meminfo, "MemFree:");
  unsigned cached = report_number(meminfo, "Cached:"), shared = report_number(meminfo, "Shmem:");
  unsigned available = report_number(meminfo, "MemAvailable:");
  unsigned swap = report_number(meminfo, "SwapTotal:"), left = report_number(meminfo, "SwapFree:");
  printf("KiB       %11s %11s %11s %11s %11s %11s\n", "total", "used", "free", "shared", "cache",
         "available");
  printf("Mem:      %'11u %'11u %'11u %'11u %'11u %'11u\n", total, total - unused - cached, unused,
         shared, cached, available);
  printf("Swap:     %'11u %'11u %'11u\n", swap, swap - left, left);
}

/* Prints it once. */
int main(int argc, char *argv[]) {
  if (argc > 1) {
    printf("usage: free\nPrints memory and swap in KiB: `shared' is part of `cache'; `available' "
           "is what a program could\n"
           "get without swap.\n");
    return strcmp(argv[1], "-h") == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
  }
  char *meminfo = report_read("/proc/meminfo");
  if (meminfo == NULL) {
    printf("free: /proc/meminfo cannot be read\n");
    return EXIT_FAILURE;
  }
  print(meminfo);
  free(meminfo);
  return EXIT_SUCCESS;
}
