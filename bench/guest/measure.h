/* Samples of the time stamp counter: taken, sorted, reported.

   SAMPLE(i, statement) times STATEMENT as sample I; report() prints the median of the first so
   many.  The pages of the samples and of the code are touched by measure_init(), so that no sample
   has a fault of its own. */
#ifndef BENCH_GUEST_MEASURE_H
#define BENCH_GUEST_MEASURE_H

#include <stdint.h>

#define SAMPLES 65 /* Odd, so that there is one in the middle. */
#define FEW     9  /* Of what takes long. */

extern uint64_t samples[SAMPLES];

/* The time stamp counter. */
static inline uint64_t measure_now(void) {
  uint64_t value;
  __asm__ volatile("rdtsc" : "=A"(value) : : "memory");
  return value;
}

#define SAMPLE(INDEX, STATEMENT)                                                                   \
  do {                                                                                             \
    uint64_t start = measure_now();                                                                \
    STATEMENT;                                                                                     \
    samples[INDEX] = measure_now() - start;                                                        \
  } while (0)

void measure_init(void);
/* Prints ROW and the median of the first COUNT samples. */
void report(const char *row, unsigned count);
/* Ends the program, because WHAT does not work. */
_Noreturn void give_up(const char *what);

#endif
