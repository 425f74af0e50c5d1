/* bench: what the work of the virtual memory system costs, in steps of the time stamp
   counter; under QEMU's -icount those are instructions.  Prints a line `bench: ROW COUNT' for
   each row; bench/run knows which groups there are and what each row means.

   A row is the median of several samples, less what looking at the counter costs. */
#include <stdlib.h>
#include <string.h>
#include <syscall.h>
#include <vm.h>
#include "bench/guest/measure.h"
#include "bench/guest/pressure.h"

#define FILE_NAME "bench.dat"
#define BIG_PAGES 1024 /* Pages: 4 MiB. */
#define IDLE_MS   50   /* More than the idle thread needs. */

static char buffer[VM_PAGE_SIZE] __attribute__((aligned(VM_PAGE_SIZE)));

/* PAGES pages as PROT and FLAGS say, of FD or of zeroes. */
static volatile char *map(unsigned pages, int prot, int flags, int fd) {
  void *memory = vm_map(NULL, pages * VM_PAGE_SIZE, prot, flags, fd, 0);
  if (vm_is_error(memory)) give_up("vm_map");
  return memory;
}

/* PAGES fresh pages of zeroes. */
static volatile char *map_fresh(unsigned pages) {
  return map(pages, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

/* Unmaps the PAGES pages at MEMORY. */
static void unmap(volatile char *memory, unsigned pages) {
  if (vm_unmap((void *)memory, pages * VM_PAGE_SIZE) != 0) give_up("vm_unmap");
}

/* Writes to each of the PAGES pages at MEMORY. */
static void touch(volatile char *memory, unsigned pages) {
  for (unsigned i = 0; i < pages; i++) memory[i * VM_PAGE_SIZE] = 1;
}

/* Reports as ROW a write to each of SAMPLES pages at MEMORY. */
static void report_writes(const char *row, volatile char *memory) {
  for (unsigned i = 0; i < SAMPLES; i++) SAMPLE(i, memory[i * VM_PAGE_SIZE] = 1);
  report(row, SAMPLES);
}

/* Reports ROW: a read of each page of MEMORY. */
static void report_reads(const char *row, volatile char *memory) {
  for (unsigned i = 0; i < SAMPLES; i++) SAMPLE(i, (void)memory[i * VM_PAGE_SIZE]);
  report(row, SAMPLES);
}

/* The shortest call there is. */
static void measure_null_call(void) {
  for (unsigned i = 0; i < SAMPLES; i++) SAMPLE(i, getpid());
  report("null-call", SAMPLES);
}

/* Faults on memory of zeroes.  The page table is there before, as it is for 1,023 pages of each
   1,024; and so is what the idle thread makes ready. */
static void measure_zero(void) {
  sleep_ms(IDLE_MS);
  volatile char *memory = map_fresh(2 * SAMPLES + 1);
  touch(memory, 1);
  report_writes("zero-fill", memory + VM_PAGE_SIZE);
  report_reads("zero-read", memory + (SAMPLES + 1) * VM_PAGE_SIZE);
  report_writes("zero-read-then-write", memory + (SAMPLES + 1) * VM_PAGE_SIZE);
  unmap(memory, 2 * SAMPLES + 1);
}

/* Faults on pages of a file that are in the cache, and a read of a page. */
static void measure_file(void) {
  if (!create(FILE_NAME, SAMPLES * VM_PAGE_SIZE)) give_up("file");
  int fd = open(FILE_NAME);
  memset(buffer, 'x', sizeof buffer);
  for (unsigned i = 0; i < SAMPLES; i++) write(fd, buffer, sizeof buffer);
  volatile char *memory = map(SAMPLES, PROT_READ, MAP_PRIVATE, fd);
  report_reads("file-cached", memory);
  unmap(memory, SAMPLES);
  memory = map(SAMPLES, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd);
  report_writes("file-copy", memory);
  unmap(memory, SAMPLES);
  memory = map(SAMPLES, PROT_READ | PROT_WRITE, MAP_SHARED, fd);
  for (unsigned i = 0; i < SAMPLES; i++) (void)memory[i * VM_PAGE_SIZE];
  report_writes("shared-write", memory);
  unmap(memory, SAMPLES);
  seek(fd, 0);
  for (unsigned i = 0; i < SAMPLES; i++) SAMPLE(i, read(fd, buffer, sizeof buffer));
  report("read-page", SAMPLES);
  close(fd);
  remove(FILE_NAME);
}

/* Writes after a fork: first by the child, who copies, then by the parent, who is alone by then. */
static void measure_copies(void) {
  volatile char *memory = map_fresh(SAMPLES);
  touch(memory, SAMPLES);
  pid_t child = fork();
  if (child == 0) {
    report_writes("cow-copy", memory);
    exit(EXIT_SUCCESS);
  }
  if (child == PID_ERROR || wait(child) != EXIT_SUCCESS) give_up("fork");
  report_writes("cow-last", memory);
  unmap(memory, SAMPLES);
}

/* Maps one page and unmaps it. */
static void map_and_unmap(void) {
  unmap(map_fresh(1), 1);
}

/* Calls that change what is mapped. */
static void measure_map(void) {
  for (unsigned i = 0; i < SAMPLES; i++) SAMPLE(i, map_and_unmap());
  report("map-unmap", SAMPLES);
  for (unsigned i = 0; i < SAMPLES; i++) SAMPLE(i, sbrk(VM_PAGE_SIZE));
  report("sbrk-page", SAMPLES);
  volatile char *memory = map_fresh(1);
  touch(memory, 1);
  for (unsigned i = 0; i < SAMPLES; i++)
    SAMPLE(i, vm_protect((void *)memory, VM_PAGE_SIZE, i % 2 ? PROT_READ | PROT_WRITE : PROT_READ));
  report("protect-page", SAMPLES);
  unmap(memory, 1);
  for (unsigned i = 0; i < FEW; i++) {
    memory = map_fresh(BIG_PAGES);
    touch(memory, BIG_PAGES);
    SAMPLE(i, unmap(memory, BIG_PAGES));
    samples[i] /= BIG_PAGES;
  }
  report("unmap-resident", FEW);
}

/* A child that ends at once, and the wait for it. */
static void fork_and_wait(void) {
  pid_t child = fork();
  if (child == 0) exit(EXIT_SUCCESS);
  if (wait(child) != EXIT_SUCCESS) give_up("fork");
}

/* A child that reads the BIG_PAGES pages at MEMORY, which it has from its parent, and the wait for it. */
static void fork_and_read(volatile char *memory) {
  pid_t child = fork();
  if (child == 0) {
    for (unsigned i = 0; i < BIG_PAGES; i++) (void)memory[i * VM_PAGE_SIZE];
    exit(EXIT_SUCCESS);
  }
  if (wait(child) != EXIT_SUCCESS) give_up("fork");
}

/* Processes made by fork and by exec, to their end. */
static void measure_processes(void) {
  for (unsigned i = 0; i < FEW; i++) SAMPLE(i, fork_and_wait());
  report("fork-small", FEW);
  volatile char *memory = map_fresh(BIG_PAGES);
  touch(memory, BIG_PAGES);
  for (unsigned i = 0; i < FEW; i++) SAMPLE(i, fork_and_wait());
  report("fork-resident", FEW);
  for (unsigned i = 0; i < FEW; i++) SAMPLE(i, fork_and_read(memory));
  report("fork-read", FEW);
  unmap(memory, BIG_PAGES);
  for (unsigned i = 0; i < FEW; i++) SAMPLE(i, wait(exec("nothing")));
  report("spawn", FEW);
}

/* Runs the group called NAME, if there is one. */
static void run_group(const char *name) {
  static const struct {
    const char *name;
    void (*measure)(void);
  } groups[] = {{"call", measure_null_call}, {"zero", measure_zero},
                {"file", measure_file},      {"copy", measure_copies},
                {"map", measure_map},        {"process", measure_processes}};
  for (unsigned i = 0; i < sizeof groups / sizeof *groups; i++)
    if (strcmp(name, groups[i].name) == 0) groups[i].measure();
}

/* bench GROUP..., bench swap PAGES, bench hold PAGES TEXT, bench leave PAGES TEXT. */
int main(int argc, char *argv[]) {
  measure_init();
  if (argc == 3 && strcmp(argv[1], "swap") == 0) {
    pressure_swap((unsigned)atoi(argv[2]));
  } else if (argc == 4 && strcmp(argv[1], "hold") == 0) {
    pressure_hold((unsigned)atoi(argv[2]), (unsigned)atoi(argv[3]));
  } else if (argc == 4 && strcmp(argv[1], "leave") == 0) {
    pressure_leave(argv[2], argv[3]);
  } else {
    for (int i = 1; i < argc; i++) run_group(argv[i]);
  }
  return EXIT_SUCCESS;
}
