/* vmstat: prints what the virtual memory of the system holds and did since boot. */
#include <stdio.h>
#include <syscall.h>
#include <vm_info.h>

/* Prints a row of the table of transfers. */
static void print_row(const char *what, unsigned pages, unsigned requests) {
  printf("  %-14s%'10u pages in %'8u requests\n", what, pages, requests);
}

/* Asks once and prints. */
int main(void) {
  struct vm_info info = {0};
  if (vm_info(&info, sizeof info) <= 0) {
    printf("vmstat: the kernel does not tell\n");
    return EXIT_FAILURE;
  }
  printf("frames        %'10u of %'u free\n", info.frames_free, info.frames_total);
  printf("swap slots    %'10u of %'u used\n", info.slots_used, info.slots_total);
  printf("file pages    %'10u in frames\n", info.pages_cached);
  printf("dirty         %'10u frames\n", info.frames_dirty);
  printf("evicted       %'10u clean, %'u dirty\n", info.evictions_clean, info.evictions_dirty);
  printf("since boot\n");
  print_row("swap read", info.swap_reads, info.swap_read_requests);
  print_row("swap written", info.swap_writes, info.swap_write_requests);
  print_row("files read", info.file_reads, info.file_read_requests);
  print_row("files written", info.file_writes, info.file_write_requests);
  printf("up            %'10u.%02u s\n", info.ticks / 100, info.ticks % 100);
  return EXIT_SUCCESS;
}
