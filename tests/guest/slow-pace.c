/* While one process waits for a slow disk, does another keep its pace?  Not a test by itself: the disk
   must be slowed down from outside, see test_parallel.py.

   usage: slow-pace compute|fault     FILE big, of more pages than the pool has frames

   Rounds alone and rounds beside a process that faults on pages of `big` take turns; the middle of
   either kind is compared. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/guest/lib/memory.h"

#define ROUNDS     7
#define ROUND_MS   300
#define BIG_PAGES  200
#define FILL_PAGES 4

/* Shared by both processes. */
struct control {
  volatile int run;        /* 1: the other may fault; 2: it shall end. */
  volatile unsigned reads; /* Pages it has waited for. */
};

/* The other process: reads pages of the file in an order that defeats reading ahead. */
static int wait_for_disk(char *shared) {
  struct control *control = (struct control *)shared;
  map_file("big", PLACE);
  for (unsigned i = 0; control->run != 2; i = (i + 77) % BIG_PAGES) {
    if (control->run == 0) {
      sleep_ms(10);
      continue;
    }
    (void)*(volatile char *)PAGE_AT(PLACE, i);
    control->reads++;
  }
  return 0;
}

/* A little work that needs no memory but its registers. */
static void compute(void) {
  for (volatile unsigned i = 0; i < 2000; i++) continue;
}

/* A little work that takes zero-fill faults. */
static void fault(void) {
  static char *memory;
  if (memory == NULL) memory = map_anonymous(FILL_PAGES);
  for (unsigned i = 0; i < FILL_PAGES; i++) *PAGE_AT(memory, i) = 1;
  vm_advise(memory, FILL_PAGES * PAGE, ADVICE_DONTNEED);
}

/* How often WORK can be done in a round. */
static unsigned measure(void (*work)(void)) {
  unsigned count = 0, start = time_ms();
  while (time_ms() - start < ROUND_MS) {
    work();
    count++;
  }
  return count;
}

/* Orders numbers, for qsort(). */
static int compare(const void *a, const void *b) {
  unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;
  return x < y ? -1 : x > y;
}

int main(int argc, char *argv[]) {
  unsigned alone[ROUNDS], beside[ROUNDS];
  test_name = "slow-pace";
  void (*work)(void) = argc > 1 && strcmp(argv[1], "fault") == 0 ? fault : compute;
  struct control *control = (struct control *)map_shared(1);
  pid_t other = start_child(wait_for_disk, (char *)control);
  for (unsigned i = 0; i < ROUNDS; i++) {
    control->run = 0;
    sleep_ms(150); /* What it waited for has come by now. */
    alone[i] = measure(work);
    control->run = 1;
    beside[i] = measure(work);
  }
  control->run = 2;
  wait(other);
  qsort(alone, ROUNDS, sizeof *alone, compare);
  qsort(beside, ROUNDS, sizeof *beside, compare);
  msg("%s: %u alone, %u beside a process that waited for %u pages: %u %%", argv[1],
      alone[ROUNDS / 2], beside[ROUNDS / 2], control->reads,
      beside[ROUNDS / 2] * 100 / alone[ROUNDS / 2]);
  return 0;
}
