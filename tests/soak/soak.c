/* The VM against the oracle.

   usage: soak SEED [SEEDS [OPERATIONS]]    plays the plans of SEED and those after it
          soak --plan FILE                  plays the plan in FILE
          soak --print SEED OPERATIONS      prints the plan of SEED
          soak --trace SEED OPERATIONS      plays it and prints what the VM counted
          soak --record FILE SEED OPERATIONS   plays it and records every event in FILE, for tools/quire-trace
          soak --record FILE --plan PLAN    the same with the plan in file PLAN

   A seed that fails is shortened to a few operations, which are printed: put into a file of
   tests/soak/plans/ they are a test.  CHECK_EVERY=N in the environment checks the invariants after
   every N operations only; SHRINK=0 shortens nothing. */
#include <stdlib.h>
#include <string.h>
#include "host/record.h"
#include "tests/soak/play.h"
#include "tests/soak/shrink.h"
#include "vm/vm.h"

#define SHRINK_SECONDS 120

/* Plays PLAN, called NAME; 0 if nothing is wrong.  LONG: it is worth shortening. */
static int judge_plan(struct plan *plan, const char *name, bool shorten) {
  struct verdict verdict = try_plan(plan);
  if (!verdict.failed) return 0;
  printf("%s: %s", name, verdict.words);
  if (!shorten) return 1;
  printf("%s is being shortened...\n", name);
  shrink(plan, &verdict, SHRINK_SECONDS);
  verdict = try_plan(plan);
  printf("\n# %s, shortened to %u operations: %.*s\n", name, plan->count,
         (int)strcspn(verdict.words, "\n"), verdict.words);
  plan_print(plan, stdout);
  printf(
      "\nTo play this again: put it into tests/soak/plans/NAME.plan; make soak OPTIONS=--plans\n");
  return 1;
}

/* Whether seeds that fail are shortened: SHRINK=0 in the environment says no. */
static bool shrinks(void) {
  const char *wish = getenv("SHRINK");
  return wish == NULL || strcmp(wish, "0") != 0;
}

/* Plays COUNT seeds from FIRST on, each of OPERATIONS. */
static int play_seeds(uint64_t first, unsigned count, unsigned operations) {
  for (uint64_t seed = first; seed < first + count; seed++) {
    char name[100];
    snprintf(name, sizeof name, "seed %llu of %u operations", (unsigned long long)seed, operations);
    struct plan plan = plan_of_seed(seed, operations);
    int failed = judge_plan(&plan, name, shrinks());
    plan_free(&plan);
    if (failed) return 1;
    printf("%s: ok\n", name);
    fflush(stdout);
  }
  return 0;
}

/* Reads the plan in file NAME into PLAN; false after a line that says why not. */
static bool read_plan(const char *name, struct plan *plan) {
  FILE *file = fopen(name, "r");
  bool is_one = file != NULL && plan_parse(plan, file);
  if (!is_one) fprintf(stderr, "soak: %s holds no plan\n", name);
  if (file != NULL) fclose(file);
  return is_one;
}

/* Plays the plan in file NAME. */
static int play_file(const char *name) {
  struct plan plan;
  if (!read_plan(name, &plan)) return 2;
  int failed = judge_plan(&plan, name, false);
  plan_free(&plan);
  if (!failed) printf("%s: ok\n", name);
  return failed;
}

/* Plays the plan of SEED here and prints figures that no other run has. */
static int trace(uint64_t seed, unsigned operations) {
  struct plan plan = plan_of_seed(seed, operations);
  play(&plan);
  printf("faults %u switches %u scans %llu swapped %llu %llu written %llu\n",
         vm_count_faults(&vm_stats.totals), sim_random(UINT32_MAX),
         (unsigned long long)vm_stats.scans, (unsigned long long)vm_stats.swap_reads,
         (unsigned long long)vm_stats.swap_writes, (unsigned long long)vm_stats.file_writes);
  plan_free(&plan);
  return 0;
}

/* Plays PLAN here and records every event in file NAME. */
static int record(const char *name, struct plan *plan, const char *what) {
  record_start(name, what);
  play(plan);
  record_finish();
  plan_free(plan);
  return 0;
}

/* Records the plan in file PLAN_NAME in file NAME. */
static int record_plan(const char *name, const char *plan_name) {
  struct plan plan;
  if (!read_plan(plan_name, &plan)) return 2;
  return record(name, &plan, plan_name);
}

/* Records the plan of SEED in file NAME. */
static int record_seed(const char *name, uint64_t seed, unsigned operations) {
  char what[40];
  struct plan plan = plan_of_seed(seed, operations);
  snprintf(what, sizeof what, "soak seed %llu", (unsigned long long)seed);
  return record(name, &plan, what);
}

/* What ARGV says at INDEX, or OTHERWISE. */
static unsigned long argument(int argc, char **argv, int index, unsigned long otherwise) {
  return argc > index ? strtoul(argv[index], NULL, 0) : otherwise;
}

int main(int argc, char **argv) {
  machine_fix_addresses(argv);
  if (getenv("CHECK_EVERY") != NULL) play_check_every = (unsigned)atoi(getenv("CHECK_EVERY"));
  if (play_check_every == 0) play_check_every = 1;
  if (argc > 2 && strcmp(argv[1], "--plan") == 0) return play_file(argv[2]);
  if (argc > 4 && strcmp(argv[1], "--record") == 0 && strcmp(argv[3], "--plan") == 0)
    return record_plan(argv[2], argv[4]);
  if (argc > 2 && strcmp(argv[1], "--record") == 0)
    return record_seed(argv[2], argument(argc, argv, 3, 1), (unsigned)argument(argc, argv, 4, 100));
  if (argc > 2 && strcmp(argv[1], "--trace") == 0)
    return trace(argument(argc, argv, 2, 1), (unsigned)argument(argc, argv, 3, 100));
  if (argc > 2 && strcmp(argv[1], "--print") == 0) {
    struct plan plan =
        plan_of_seed(argument(argc, argv, 2, 1), (unsigned)argument(argc, argv, 3, 100));
    plan_print(&plan, stdout);
    plan_free(&plan);
    return 0;
  }
  return play_seeds(argument(argc, argv, 1, 1), (unsigned)argument(argc, argv, 2, 1),
                    (unsigned)argument(argc, argv, 3, 20000));
}
