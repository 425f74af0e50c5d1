/* Runs the scenarios of failures.h.

   usage: vm_failures                                          all
          vm_failures --list                                   names them
          vm_failures TOPIC                                    those of one topic
          vm_failures SCENARIO                                 one, with everything
          vm_failures SCENARIO KIND N once|forever [SEED]      one run */
#include "tests/host/failures.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "host/threads.h"
#include "vm/port.h"
#include "vm/swap.h"

#define SLOTS_MAX    4096
#define HANG_SECONDS 300 /* CPU time of one scenario, all its runs. */
#define LATENCY      20  /* Of several processes. */
#define SEEDS        3   /* Of them, unless the environment's SEEDS says otherwise. */

struct trouble trouble;
bool is_several;

static const struct topic *const topics[] = {&topic_memory, &topic_files,     &topic_swap,
                                             &topic_fork,   &topic_map,       &topic_grow,
                                             &topic_calls,  &topic_transfers, &topic_several};
static const char *const kinds[FAIL_ALL] = {"alloc",      "swap-read", "swap-write", "file-read",
                                            "file-write", "reserve",   "slot"};

/* Where the child is, for its parent. */
static struct trouble *shown;
static const char *program;
static const struct scenario *running;
static bool ended;
/* Calls and pages written to swap while things were allowed to fail; and the same before the last work(). */
static uint64_t calls[FAIL_ALL], slots_before;
static bool was_told; /* Somebody has got an error. */
/* Slots that nobody can have. */
static slot_t hoard[SLOTS_MAX];
static unsigned hoarded;

/* Takes all free slots but ROOM. */
static void hoard_slots(uint64_t room) {
  port_vm_lock();
  while (swap_total() - swap_bad() - swap_used() > room) {
    unsigned got = swap_alloc(1, &hoard[hoarded]);
    ASSERT(got == 1 && hoarded < SLOTS_MAX);
    hoarded++;
  }
  port_vm_unlock();
}

/* Gives them back. */
static void give_slots_back(void) {
  port_vm_lock();
  while (hoarded > 0) swap_free(hoard[--hoarded]);
  port_vm_unlock();
}

/* Lets things fail from now on.  Swap must not die of it for good: half of the slots stay fine. */
static void start_trouble(void) {
  memset(&machine_failures, 0, sizeof machine_failures);
  memcpy(machine_failures.calls, calls, sizeof machine_failures.calls);
  slots_before = vm_stats.swap_writes;
  bool is_dead = trouble.kind == FAIL_SWAP_WRITE && swap_bad() > swap_total() / 2;
  if (trouble.kind >= 0 && trouble.kind < FAIL_KINDS && !is_dead) {
    machine_failures.fail_at[trouble.kind] = trouble.at;
    machine_failures.forever = trouble.forever;
  }
  uint64_t left = calls[FAIL_SLOT] >= trouble.at ? 0 : trouble.at - 1 - calls[FAIL_SLOT];
  if (trouble.kind == FAIL_SLOT && (trouble.forever || !was_told)) hoard_slots(left);
}

/* Lets nothing fail any more. */
static void end_trouble(void) {
  memcpy(calls, machine_failures.calls, sizeof machine_failures.calls);
  calls[FAIL_SLOT] += vm_stats.swap_writes - slots_before;
  const void *failed_for = machine_failures.failed_for;
  memset(&machine_failures, 0, sizeof machine_failures);
  machine_failures.failed_for = failed_for;
  give_slots_back();
}

void work(void) {
  if (!is_several) start_trouble();
}

void rest(void) {
  if (!is_several) end_trouble();
}

void told(void) {
  rig_lock();
  was_told = true;
  rig_unlock();
  if (!trouble.forever) give_slots_back();
}

bool has_failed(void) {
  if (trouble.kind < 0) return false;
  if (trouble.kind == FAIL_SLOT) return true;
  rig_lock();
  uint64_t now = is_several ? machine_failures.calls[trouble.kind] : calls[trouble.kind];
  rig_unlock();
  return now >= trouble.at;
}

/* The threads of a scenario. */
static void thread_run(void *unused) {
  (void)unused;
  running->run();
  ended = true;
}

static void thread_set_up(void *unused) {
  (void)unused;
  running->set_up();
}

static void thread_live(void *number) {
  running->live((unsigned)(uintptr_t)number);
}

static void thread_end(void *unused) {
  (void)unused;
  running->end();
  ended = true;
}

/* Runs the threads that were spawned to their end. */
static void run_threads(void) {
  unsigned left = threads_run();
  if (left > 0) PANIC("%u threads wait for ever", left);
}

/* Runs the parts of the scenario. */
static void run_parts(void) {
  is_several = running->run == NULL;
  if (!is_several) {
    thread_spawn(thread_run, NULL);
    run_threads();
    return;
  }
  thread_spawn(thread_set_up, NULL);
  run_threads();
  start_trouble();
  for (uintptr_t i = 0; i < running->processes; i++) thread_spawn(thread_live, (void *)i);
  run_threads();
  end_trouble();
  is_several = false;
  thread_spawn(thread_end, NULL);
  run_threads();
}

/* After the end nothing is in use but BLOCKS of memory. */
static void check_nothing_lost(size_t blocks) {
  struct vm_stats stats;
  const char *broken = vm_check();
  if (broken != NULL) PANIC("broken invariant: %s", broken);
  vm_get_stats(&stats);
  EXPECT(ended);
  EXPECT(machine_blocks() == blocks);
  EXPECT(stats.frames_free == stats.frames_total);
  EXPECT(stats.slots_used == 0);
  EXPECT(vm_pages_live == 0);
  EXPECT(list_is_empty(&vm_addrspaces) && list_is_empty(&vm_stores));
}

/* The size of SCENARIO's swap disk. */
static slot_t slots_of(const struct scenario *scenario) {
  if (scenario->slots == NO_SLOTS) return 0;
  return scenario->slots > 0 ? scenario->slots : 512;
}

/* Runs SCENARIO once in trouble T. */
static void run_once(const struct scenario *scenario, struct trouble t) {
  trouble = *shown = t;
  running = scenario;
  bool several = scenario->run == NULL;
  struct machine_options options = {.seed = t.seed,
                                    .frames = scenario->frames > 0 ? scenario->frames : 16,
                                    .slots = slots_of(scenario),
                                    .latency = several ? LATENCY : 0};
  machine_init(&options);
  size_t blocks = machine_blocks();
  memset(calls, 0, sizeof calls);
  ended = was_told = false;
  run_parts();
  check_nothing_lost(blocks);
  machine_finish();
}

/* Runs SCENARIO with every trouble there is under SEED, of each kind until a run does not meet it; how many
   runs that took.  With less swap less is written: as many slots as without trouble. */
static unsigned run_all(const struct scenario *scenario, uint64_t seed) {
  unsigned runs = 1;
  struct trouble t = {.scenario = scenario->name, .kind = -1, .seed = seed};
  run_once(scenario, t);
  uint64_t slots = MIN(calls[FAIL_SLOT], SLOTS_MAX);
  for (t.kind = 0; t.kind < FAIL_ALL; t.kind++) {
    for (int forever = 0; forever < 2; forever++) {
      bool met = true;
      t.forever = forever;
      for (t.at = 1; met; t.at++, runs++) {
        run_once(scenario, t);
        met = t.at <= (t.kind == FAIL_SLOT ? slots : calls[t.kind]);
      }
    }
  }
  return runs;
}

/* Says how to repeat what went wrong, and how it ENDED. */
static void say_where(int ended_with) {
  const struct trouble *t = shown;
  const char *kind = t->kind < 0 ? "none" : kinds[t->kind];
  const char *mode = t->forever ? "forever" : "once";
  if (WIFSIGNALED(ended_with) && WTERMSIG(ended_with) == SIGALRM) printf("it hangs\n");
  printf("scenario %s, %s %llu fails %s, seed %llu\nrepeat it: %s '%s' %s %llu %s %llu\n",
         t->scenario, kind, (unsigned long long)t->at, mode, (unsigned long long)t->seed, program,
         t->scenario, kind, (unsigned long long)t->at, mode, (unsigned long long)t->seed);
}

/* How many seeds SCENARIO is run under: SEEDS of the environment, or of this file, for several processes. */
static unsigned seeds_of(const struct scenario *scenario) {
  const char *wish = getenv("SEEDS");
  if (scenario->run != NULL) return 1;
  return wish != NULL ? (unsigned)atoi(wish) : SEEDS;
}

/* Runs SCENARIO in a process of its own, with all troubles or only ONE; 0 if nothing is wrong. */
static int run_apart(const struct scenario *scenario, const struct trouble *one) {
  int status = 0;
  fflush(stdout);
  pid_t pid = fork();
  if (pid == 0) {
    unsigned runs = 0;
    alarm(HANG_SECONDS);
    if (one != NULL) run_once(scenario, *one);
    unsigned seeds = seeds_of(scenario);
    for (uint64_t seed = 1; one == NULL && seed <= seeds; seed++) runs += run_all(scenario, seed);
    if (one == NULL) printf("%s: ok, %u runs\n", scenario->name, runs);
    exit(0);
  }
  waitpid(pid, &status, 0);
  if (status != 0) say_where(status);
  return status != 0;
}

/* The scenario called NAME, or NULL. */
static const struct scenario *find(const char *name) {
  for (unsigned i = 0; i < ARRAY_SIZE(topics); i++)
    for (unsigned j = 0; j < topics[i]->count; j++)
      if (strcmp(topics[i]->scenarios[j].name, name) == 0) return &topics[i]->scenarios[j];
  return NULL;
}

/* Runs all scenarios of TOPIC (NULL: of all topics); 0 if nothing is wrong, 2 if there is none. */
static int run_topic(const char *topic) {
  int result = 2;
  for (unsigned i = 0; i < ARRAY_SIZE(topics); i++) {
    if (topic != NULL && strcmp(topic, topics[i]->name) != 0) continue;
    if (result == 2) result = 0;
    for (unsigned j = 0; j < topics[i]->count; j++)
      result |= run_apart(&topics[i]->scenarios[j], NULL);
  }
  return result;
}

/* Runs SCENARIO as ARGV, after its name, says. */
static int run_as_said(const struct scenario *scenario, int argc, char **argv) {
  struct trouble t = {.scenario = scenario->name,
                      .kind = -1,
                      .at = strtoull(argv[1], NULL, 0),
                      .forever = strcmp(argv[2], "forever") == 0,
                      .seed = argc > 3 ? strtoull(argv[3], NULL, 0) : 1};
  for (int kind = 0; kind < FAIL_ALL; kind++)
    if (strcmp(kinds[kind], argv[0]) == 0) t.kind = kind;
  if (t.kind < 0 && strcmp(argv[0], "none") != 0) return 2;
  return run_apart(scenario, &t);
}

/* Names all scenarios, each after its topic. */
static int list_all(void) {
  for (unsigned i = 0; i < ARRAY_SIZE(topics); i++)
    for (unsigned j = 0; j < topics[i]->count; j++)
      printf("%s: %s\n", topics[i]->name, topics[i]->scenarios[j].name);
  return 0;
}

int main(int argc, char **argv) {
  machine_fix_addresses(argv);
  program = argv[0];
  shown = mmap(NULL, sizeof *shown, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (argc == 1) return run_topic(NULL);
  if (strcmp(argv[1], "--list") == 0) return list_all();
  const struct scenario *scenario = find(argv[1]);
  if (scenario == NULL) return run_topic(argv[1]);
  return argc < 5 ? run_apart(scenario, NULL) : run_as_said(scenario, argc - 2, argv + 2);
}
