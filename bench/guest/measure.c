/* Samples: sorting and reporting them. */
#include "bench/guest/measure.h"
#include <stdio.h>
#include <stdlib.h>
#include <syscall.h>

uint64_t samples[SAMPLES];
static uint64_t overhead;

/* Orders samples for qsort(). */
static int compare(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

/* The middle one of the first COUNT samples. */
static uint64_t median(unsigned count) {
  qsort(samples, count, sizeof *samples, compare);
  return samples[count / 2];
}

/* Finds out what a sample of nothing is. */
void measure_init(void) {
  for (unsigned i = 0; i < SAMPLES; i++) samples[i] = 1;
  for (unsigned i = 0; i < SAMPLES; i++) SAMPLE(i, (void)0);
  overhead = median(SAMPLES);
}

/* Prints a row. */
void report(const char *row, unsigned count) {
  printf("bench: %s %u\n", row, (unsigned)(median(count) - overhead));
}

/* Says what does not work and ends. */
void give_up(const char *what) {
  printf("bench: %s does not work\n", what);
  exit(EXIT_FAILURE);
}
