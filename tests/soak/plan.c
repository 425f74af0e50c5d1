/* Plans. */
#include "tests/soak/plan.h"
#include <stdlib.h>
#include <string.h>
#include "host/random.h"
#include "lib/round.h"
#include "tests/soak/oracle.h"

#define PROCESSES_MAX 4
#define ANY           0u

/* How often each kind comes, and below which its arguments lie (0: none). */
static const struct kind {
  const char *name;
  unsigned weight;
  uint32_t bounds[OP_ARGUMENTS];
} kinds[OP_KINDS] = {
    [OP_READ] = {"read", 190, {PAGES, CELLS, 2}},
    [OP_WRITE] = {"write", 260, {PAGES, CELLS, 256, 2}},
    [OP_STACK] = {"stack", 40, {STACK_PAGES, CELLS, 256, 64}},
    [OP_MAP] = {"map", 70, {MAP_PAGES, 24, (FILES + 2) * 16, 64}},
    [OP_MMAP] = {"mmap", 15, {MAP_PAGES, FILES, 2}},
    [OP_MUNMAP] = {"munmap", 15, {MAP_PAGES}},
    [OP_UNMAP] = {"unmap", 35, {MAP_PAGES, 32}},
    [OP_PROTECT] = {"protect", 30, {MAP_PAGES, 16, 8}},
    [OP_FORK] = {"fork", 12, {PROCESSES_MAX}},
    [OP_EXIT] = {"exit", 8, {ANY}},
    [OP_SBRK] = {"sbrk", 40, {1u << 17}},
    [OP_FILE_READ] = {"file-read", 60, {FILES, FILE_BYTES_MAX, PAGES + PAGES / 8, 3}},
    [OP_FILE_WRITE] = {"file-write", 60, {FILES, FILE_BYTES_MAX, PAGES + PAGES / 8, 3}},
    [OP_RECREATE] = {"recreate", 24, {FILES, FILE_BYTES_MAX}},
    [OP_SYNC] = {"sync", 12, {FILES}},
    [OP_VM_SYNC] = {"vm-sync", 12, {MAP_PAGES, 24}},
    [OP_LOCK] = {"lock", 12, {PAGES, 4}},
    [OP_UNLOCK] = {"unlock", 16, {PAGES, 8}},
    [OP_ADVISE] = {"advise", 25, {PAGES, 24, 5}},
    [OP_EVICT] = {"evict", 60, {6}},
    [OP_DROP] = {"drop", 4, {ANY}},
    [OP_RESIDENT] = {"resident", 12, {PAGES, 24}},
    [OP_LOOK] = {"look", 25, {PAGES, 32}},
};

/* A random kind, by the weights. */
static unsigned random_kind(uint64_t *state) {
  unsigned total = 0, kind = 0;
  for (unsigned i = 0; i < OP_KINDS; i++) total += kinds[i].weight;
  unsigned at = random_below(state, total);
  while (at >= kinds[kind].weight) at -= kinds[kind++].weight;
  return kind;
}

/* A random operation of one of PROCESSES.  Pages come in waves, so that some are used often. */
static struct op random_op(uint64_t *state, uint32_t processes) {
  struct op op = {.by = (uint8_t)random_below(state, processes),
                  .kind = (uint8_t)random_kind(state)};
  for (unsigned i = 0; i < OP_ARGUMENTS; i++) {
    uint32_t bound = kinds[op.kind].bounds[i];
    if (bound == 0) continue;
    op.argument[i] = random_below(state, bound);
    if (i == 0 && bound > 64 && random_below(state, 2) == 0)
      op.argument[i] = op.argument[i] / 16 * 16 + random_below(state, 4);
    if (op.argument[i] >= bound) op.argument[i] = bound - 1;
  }
  return op;
}

/* The plan of SEED: most machines are small and everything on them works; one in four has errors. */
struct plan plan_of_seed(uint64_t seed, uint32_t count) {
  static const uint32_t frames[] = {4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 300};
  static const uint32_t slots[] = {0, 1, 20, 100, 300};
  uint64_t state = seed;
  struct plan plan = {.processes = 1 + random_below(&state, PROCESSES_MAX),
                      .frames = frames[random_below(&state, ARRAY_SIZE(frames))],
                      .slots = SLOTS_PLENTY,
                      .latency = random_below(&state, 3) * 8,
                      .schedule = random_below(&state, UINT32_MAX),
                      .count = count,
                      .ops = malloc(count * sizeof *plan.ops)};
  if (random_below(&state, 4) == 0) plan.errors = random_below(&state, ERRORS_KINDS);
  if (random_below(&state, 4) == 0) plan.slots = slots[random_below(&state, ARRAY_SIZE(slots))];
  if (random_below(&state, 4) == 0) plan.stress = 1 + random_below(&state, 1000);
  plan.blocks = 1024u << random_below(&state, 3);
  plan.keep = plan.schedule / 8 % 4 == 0;
  for (uint32_t i = 0; i < count; i++) plan.ops[i] = random_op(&state, plan.processes);
  return plan;
}

/* Frees what PLAN holds. */
void plan_free(struct plan *plan) {
  free(plan->ops);
}

/* How many arguments KIND takes. */
static unsigned argument_count(unsigned kind) {
  unsigned count = 0;
  while (count < OP_ARGUMENTS && kinds[kind].bounds[count] != 0) count++;
  return count;
}

/* Prints PLAN. */
void plan_print(const struct plan *plan, FILE *file) {
  fprintf(file,
          "machine processes %u frames %u slots %u latency %u stress %u errors %u blocks %u "
          "schedule %llu keep %u\n",
          plan->processes, plan->frames, plan->slots, plan->latency, plan->stress, plan->errors,
          plan->blocks, (unsigned long long)plan->schedule, plan->keep);
  for (uint32_t i = 0; i < plan->count; i++) {
    const struct op *op = &plan->ops[i];
    fprintf(file, "%u %s", op->by, kinds[op->kind].name);
    for (unsigned j = 0; j < argument_count(op->kind); j++) fprintf(file, " %u", op->argument[j]);
    fprintf(file, "\n");
  }
}

/* Reads an operation from LINE; false if it is none. */
static bool parse_op(struct op *op, const char *line) {
  unsigned by;
  char name[16];
  int used;
  if (sscanf(line, "%u %15s%n", &by, name, &used) != 2 || by >= PROCESSES_MAX) return false;
  *op = (struct op){.by = (uint8_t)by};
  while (op->kind < OP_KINDS && strcmp(kinds[op->kind].name, name) != 0) op->kind++;
  if (op->kind == OP_KINDS) return false;
  for (unsigned i = 0; i < argument_count(op->kind); i++) {
    int more;
    line += used;
    if (sscanf(line, "%u%n", &op->argument[i], &more) != 1) return false;
    if (op->argument[i] >= kinds[op->kind].bounds[i]) return false;
    used = more;
  }
  return true;
}

/* Reads the machine of PLAN from LINE; false if it is none.  `keep' may be missing. */
static bool parse_machine(struct plan *plan, const char *line) {
  unsigned long long schedule;
  *plan = (struct plan){0};
  int found = sscanf(line,
                     "machine processes %u frames %u slots %u latency %u stress %u errors %u "
                     "blocks %u schedule %llu keep %u",
                     &plan->processes, &plan->frames, &plan->slots, &plan->latency, &plan->stress,
                     &plan->errors, &plan->blocks, &schedule, &plan->keep);
  plan->schedule = schedule;
  bool whole =
      plan->blocks >= 512 && plan->blocks <= VM_PAGE_SIZE && VM_PAGE_SIZE % plan->blocks == 0;
  return found >= 8 && plan->keep <= 1 && whole && plan->processes >= 1 &&
         plan->processes <= PROCESSES_MAX && plan->frames >= 4 && plan->errors < ERRORS_KINDS;
}

/* Reads PLAN from FILE; lines that start with # are comments. */
bool plan_parse(struct plan *plan, FILE *file) {
  char line[200];
  unsigned number = 0;
  bool started = false;
  while (fgets(line, sizeof line, file) != NULL) {
    number++;
    if (line[0] == '#' || line[0] == '\n') continue;
    if (started) plan->ops = realloc(plan->ops, (plan->count + 1) * sizeof *plan->ops);
    if (started ? parse_op(&plan->ops[plan->count], line) : parse_machine(plan, line)) {
      plan->count += started;
      started = true;
      continue;
    }
    fprintf(stderr, "line %u is no %s: %s", number, started ? "operation" : "machine", line);
    return false;
  }
  return started;
}
