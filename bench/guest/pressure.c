/* More pages than frames, and processes that stay. */
#include "bench/guest/pressure.h"
#include <stdint.h>
#include <stdio.h>
#include <syscall.h>
#include <vm.h>
#include <vm_info.h>
#include "bench/guest/measure.h"

#define TEXT_START 0x08048000u
#define SETTLE_MS  500u
#define STAY_MS    3600000u

/* Says that NAME begins or ends here, with the swap traffic so far, and waits for a line. */
static void pause_at(const char *name) {
  struct vm_info info;
  char line;
  vm_info(&info, sizeof info);
  printf("bench: at %s %u %u %u %u\n", name, (unsigned)info.swap_reads,
         (unsigned)info.swap_read_requests, (unsigned)info.swap_writes,
         (unsigned)info.swap_write_requests);
  do {
    if (read(0, &line, 1) != 1) give_up("input");
  } while (line != '\n');
}

/* PAGES fresh pages. */
static volatile uint32_t *map_pages(unsigned pages) {
  void *memory = vm_map(NULL, pages * VM_PAGE_SIZE, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (vm_is_error(memory)) give_up("vm_map");
  return memory;
}

/* The four phases.  The numbers of the last are those of a linear congruence, the same each run. */
void pressure_swap(unsigned pages) {
  volatile uint32_t *memory = map_pages(pages);
  const unsigned words = VM_PAGE_SIZE / sizeof *memory;
  uint32_t sum = 0, random = 1;
  pause_at("start");
  for (unsigned i = 0; i < pages; i++) memory[i * words] = i;
  pause_at("first-write");
  for (unsigned i = 0; i < pages; i++) memory[i * words]++;
  pause_at("rewrite");
  for (unsigned i = 0; i < pages; i++) sum += memory[i * words];
  pause_at("sequential");
  for (unsigned i = 0; i < pages; i++) {
    random = random * 1664525u + 1013904223u;
    sum += memory[(random >> 12) % pages * words];
  }
  pause_at("random");
  printf("bench: sum %u\n", (unsigned)sum);
}

/* Takes what it should and stays. */
void pressure_hold(unsigned pages, unsigned text) {
  volatile uint32_t *memory = pages > 0 ? map_pages(pages) : NULL;
  struct vm_info info;
  for (unsigned i = 0; i < pages; i++) memory[i * (VM_PAGE_SIZE / sizeof *memory)] = 1;
  for (unsigned i = 0; i < text; i++)
    (void)*(const volatile char *)(uintptr_t)(TEXT_START + i * VM_PAGE_SIZE);
  vm_info(&info, sizeof info);
  printf("bench: resident %u\n", (unsigned)info.resident);
  for (;;) sleep_ms(STAY_MS);
}

/* Starts one that stays. */
void pressure_leave(const char *pages, const char *text) {
  char command[64];
  snprintf(command, sizeof command, "bench hold %s %s", pages, text);
  if (exec(command) == PID_ERROR) give_up("exec");
  sleep_ms(SETTLE_MS);
}
