/* Rounds of exhaustion. */
#include "tests/guest/lib/full.h"
#include <stdlib.h>

#define SETTLING    3   /* Rounds until what is kept for later is kept. */
#define WAITS       200 /* For threads that are ending, */
#define WAIT_MS     5   /* so long each. */
#define FIGURES_MAX 5

/* What must come back. */
struct figures {
  unsigned of[FIGURES_MAX];
};

static const char *const names[FIGURES_MAX] = {"frames of pages", "slots", "kernel blocks",
                                               "kernel bytes", "threads"};

/* The figures now.  Pages of files that nobody maps may stay in frames that nobody needs. */
static struct figures figures_now(void) {
  struct vm_info i = figures_all();
  return (struct figures){{i.frames_total - i.frames_free - i.frames_kernel - i.pages_cached,
                           i.slots_used, i.kernel_blocks, i.kernel_bytes, i.threads}};
}

/* The first figure in which A and B differ, FIGURES_MAX if there is none. */
static unsigned difference(const struct figures *a, const struct figures *b) {
  unsigned i = 0;
  while (i < FIGURES_MAX && a->of[i] == b->of[i]) i++;
  return i;
}

/* After round NUMBER: all must be as in WANTED, as soon as threads that are ending have ended. */
static void check_back(const struct figures *wanted, unsigned number) {
  struct figures now;
  unsigned at = 0;
  for (unsigned wait = 0; wait < WAITS; wait++) {
    now = figures_now();
    at = difference(&now, wanted);
    if (at == FIGURES_MAX) return;
    sleep_ms(WAIT_MS);
  }
  fail("round %u: %u %s, at first %u", number, now.of[at], names[at], wanted->of[at]);
}

/* Runs rounds. */
void full_rounds(void (*round)(void)) {
  unsigned rounds = (unsigned)atoi(test_argv[test_argc - 1]);
  struct figures wanted;
  CHECK(test_argc > 1 && rounds > 0, "how many rounds?");
  stay_resident();
  for (unsigned number = 1; number <= SETTLING + rounds; number++) {
    round();
    if (number > SETTLING) {
      check_back(&wanted, number);
      continue;
    }
    sleep_ms(WAIT_MS);
    wanted = figures_now();
  }
  msg("%u rounds", rounds);
}

/* Maps the counter and the pages. */
char *full_map(unsigned pages) {
  char *counted = vm_map(PLACE2, PAGE, READ_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  CHECK_IS(counted, PLACE2);
  CHECK_IS(vm_map(PLACE2 + PAGE, pages * PAGE, READ_WRITE, ANONYMOUS | MAP_FIXED, -1, 0),
           PLACE2 + PAGE);
  *(volatile unsigned *)counted = 0;
  return counted;
}

/* The counter. */
unsigned full_count(const char *counted) {
  return *(const volatile unsigned *)counted;
}

/* Fills. */
int full_fill(char *counted) {
  for (unsigned i = 0;; i++) {
    page_fill(PAGE_AT(counted, i + 1), i, 1);
    *(volatile unsigned *)counted = i + 1;
  }
}
