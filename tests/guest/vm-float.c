/* TEST: Floating-point registers of several processes stay through page faults of every kind, system calls,
         sleeps and timer interrupts, in little memory.
   POOL: 24
   ROUNDS: 40 */
#include <stdlib.h>
#include <string.h>
#include "tests/guest/lib/float.h"
#include "tests/guest/lib/memory.h"

#define PROCESSES 4
#define PAGES     16
#define SPINS     5000000 /* Some ticks of the clock on any machine. */

static unsigned rounds;

/* Each way of entering the kernel by itself, with the registers of SEED. */
static void meet_pages(char *memory, char *shared, uint32_t seed) {
  floats_load(seed);
  for (unsigned i = 0; i < PAGES; i++) memory[i * PAGE] += 1;
  floats_check(seed, "pages that were written or out");
  char *fresh = map_anonymous(4);
  for (unsigned i = 0; i < 4; i++) fresh[i * PAGE + 5] = (char)i;
  floats_check(seed, "new pages");
  for (unsigned i = 0; i < 4; i++) (void)*(volatile char *)(shared + (seed + i) % PAGES * PAGE);
  floats_check(seed, "pages shared with others");
  CHECK_IS(vm_unmap(fresh, 4 * PAGE), VM_OK);
}

/* Writes to MEMORY, each page of which must be copied first. */
static int copy_all(char *memory) {
  for (unsigned i = 0; i < PAGES; i++) {
    memory[i * PAGE + 9] = 1;
    if (!floats_are(77)) return 1;
  }
  return 0;
}

/* Whoever runs meanwhile does so in the same unit. */
static void pass_time(uint32_t seed, unsigned round) {
  floats_load(seed);
  for (volatile unsigned i = 0; round % 8 == 0 && i < SPINS; i++) continue;
  floats_check(seed, "spinning");
  yield();
  floats_check(seed, "yield");
  sleep_ms(1);
  floats_check(seed, "sleep");
}

/* One process: its registers are its own. */
static int use_floats(char *shared) {
  uint32_t seed = getpid() * 1000;
  char *memory = map_anonymous(PAGES);
  for (unsigned round = 0; round < rounds; round++) {
    meet_pages(memory, shared, seed + round);
    pass_time(seed - round, round);
    if (round % 8 != 0) continue;
    floats_load(77);
    CHECK_IS(run_child(copy_all, memory), 0);
    floats_check(77, "fork");
  }
  return 0;
}

/* Some at once. */
void test_main(void) {
  pid_t pids[PROCESSES];
  rounds = (unsigned)atoi(test_argv[test_argc - 1]);
  char *shared = map_shared(PAGES);
  memset(shared, 1, PAGES * PAGE);
  for (unsigned i = 0; i < PROCESSES; i++) pids[i] = start_child(use_floats, shared);
  for (unsigned i = 0; i < PROCESSES; i++) CHECK_IS(wait(pids[i]), 0);
}
