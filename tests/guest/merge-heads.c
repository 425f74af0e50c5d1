/* HELPER: merge-heads BYTES merges 16 sorted chunks.  It reads the head of each chunk for every byte that it writes: a loop
   over their 16 pages, that of what is written, and its own for code, data and stack.  It says how many faults BYTES bytes
   took; tests/sim/test_merge.py makes the same references. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <syscall.h>
#include <vm_info.h>
#include "tests/guest/lib/test.h"

#define CHUNKS      16
#define CHUNK_BYTES 65536
#define BYTES_MAX   32768

static unsigned char chunks[CHUNKS][CHUNK_BYTES], merged[BYTES_MAX];
static const unsigned char *heads[CHUNKS] __attribute__((aligned(4096)));

/* Fills each chunk with COUNT random bytes in order: no more are read. */
static void make_chunks(unsigned count) {
  uint32_t state = 1;
  for (unsigned chunk = 0; chunk < CHUNKS; chunk++) {
    unsigned value = 0;
    for (unsigned next = 0; next < count; next++) {
      state = state * 1664525u + 1013904223u;
      value += state >> 24 == 0;
      chunks[chunk][next] = (unsigned char)value;
    }
  }
}

/* Merges COUNT bytes. */
static __attribute__((noinline, aligned(256))) void merge(unsigned count) {
  for (unsigned i = 0; i < CHUNKS; i++) heads[i] = chunks[i];
  for (unsigned char *to = merged; to < merged + count; to++) {
    unsigned least = 0;
    for (unsigned i = 1; i < CHUNKS; i++)
      if (*heads[i] < *heads[least]) least = i;
    *to = *heads[least]++;
  }
}

/* Faults of all processes so far. */
static unsigned faults(void) {
  struct vm_info info = {0};
  vm_info(&info, sizeof info);
  return (unsigned)info.faults;
}

/* Merges, and checks the order. */
int main(int argc, char *argv[]) {
  test_name = argv[0];
  CHECK(argc == 2 && atoi(argv[1]) <= BYTES_MAX, "merge-heads BYTES");
  unsigned count = (unsigned)atoi(argv[1]);
  make_chunks(count);
  merge(2 * CHUNKS);
  unsigned before = faults();
  merge(count);
  unsigned after = faults();
  for (unsigned i = 1; i < count; i++)
    CHECK(merged[i - 1] <= merged[i], "byte %u is out of order", i);
  printf("merge-heads: %u faults for %u bytes\n", after - before, count);
  return 0;
}
