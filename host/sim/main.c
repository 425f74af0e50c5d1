/* quire-sim: replays traces of page references under the kernel's replacement policies. */
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "host/sim/sim.h"

#define FRAMES_DEFAULT "10%,25%,50%,75%"
#define FRAMES_CURVE                                                                               \
  "5%,10%,15%,20%,25%,30%,35%,40%,45%,50%,55%,60%,65%,70%,75%,80%,85%,90%,95%,100%"
#define FILTER_SUFFIX "+f8"
#define COLUMNS_MAX   32

/* A way to choose victims: an oracle if POLICY is NULL. */
struct column {
  char *name;
  const struct policy *policy;
  bool filter;
  struct result (*oracle)(const struct trace *trace, frameno_t frames, progress_fn *progress);
};

static struct {
  const char *frames, *policies, *svg, *unpacked;
  bool csv, as_kernel;
  struct column columns[COLUMNS_MAX];
  unsigned column_count;
  struct cell *cells;
  size_t cell_count;
  char doing[80]; /* For the progress line. */
} sim;

/* Shows how far a replay is, if somebody watches. */
static void show_progress(double part) {
  if (isatty(STDERR_FILENO)) fprintf(stderr, "\r%s: %3.0f %%\033[K", sim.doing, 100 * part);
}

/* Takes the progress line away. */
static void hide_progress(void) {
  if (isatty(STDERR_FILENO)) fprintf(stderr, "\r\033[K");
}

/* -- The command line -------------------------------------------------------------------------- */

/* Says how it is used. */
static void print_help(void) {
  puts("usage: quire-sim [--frames LIST] [--policy LIST] [--csv] [--svg FILE] [--as-kernel]\n"
       "                 TRACE...\n"
       "       quire-sim --unpack FILE TRACE\n"
       "\n"
       "Replays page references and counts faults, first touches included; faults over those of "
       "the best\n"
       "possible (OPT); dirty pages written back; accessed bits tested for each fault.\n"
       "\n"
       "  --frames LIST   sizes of memory: frames, or percent of the trace's pages (64,10%,50%); "
       "default\n"
       "                  " FRAMES_DEFAULT "\n"
       "  --policy LIST   policies, or `all' (the default); NAME" FILTER_SUFFIX
       " clears accessed bits early\n"
       "  --csv           the same as comma-separated values\n"
       "  --as-kernel     start from memory as the guest's program `replay' finds it "
       "(docs/policies.md)\n"
       "  --unpack FILE   only write TRACE to FILE as the guest's program `replay' reads it\n"
       "  --svg FILE      a picture of the miss ratios; without --frames of 20 sizes\n"
       "  TRACE           format PGT1, or a page number a line; may be packed by xz\n"
       "\n"
       "Policies:");
  const struct policy *policy;
  for (unsigned i = 0; (policy = policy_number(i)) != NULL; i++)
    printf("  %-10s %s%s\n", policy->name, policy->summary,
           i == 0 ? " (default of the kernel)" : "");
  puts("  lru        Exactly the least recently used: no kernel can.\n"
       "  opt        The one that is needed last: nobody can, and nothing is better.");
}

/* Ends with a line that says what is wrong with the command. */
static void __attribute__((noreturn)) refuse(const char *what, const char *value) {
  fprintf(stderr, "quire-sim: %s%s%s; see quire-sim --help\n", what, value != NULL ? ": " : "",
          value != NULL ? value : "");
  exit(2);
}

/* One column more. */
static void add_column(struct column column, const char *name) {
  if (sim.column_count == COLUMNS_MAX) refuse("too many policies", NULL);
  column.name = strdup(name);
  sim.columns[sim.column_count++] = column;
}

/* The column called NAME. */
static void add_policy(char *name) {
  struct column column = {.name = name};
  if (strcmp(name, "opt") == 0) {
    column.oracle = replay_opt;
  } else if (strcmp(name, "lru") == 0) {
    column.oracle = replay_lru;
  } else {
    char plain[32];
    size_t length = strlen(name), suffix = strlen(FILTER_SUFFIX);
    column.filter = length > suffix && strcmp(name + length - suffix, FILTER_SUFFIX) == 0;
    snprintf(plain, sizeof plain, "%.*s", (int)(column.filter ? length - suffix : length), name);
    column.policy = policy_lookup(plain);
    if (column.policy == NULL) refuse("no such policy", name);
  }
  add_column(column, name);
}

/* All columns that LIST names. */
static void add_policies(const char *list) {
  if (strcmp(list, "all") == 0) {
    add_policy("opt");
    add_policy("lru");
    for (unsigned i = 0; policy_number(i) != NULL; i++) add_policy((char *)policy_number(i)->name);
    return;
  }
  char *copy = strdup(list), *rest = copy, *name;
  while ((name = strsep(&rest, ",")) != NULL) add_policy(name);
  free(copy);
}

/* The number of frames that WORD, of the list, means for a trace of PAGES pages. */
static frameno_t parse_frames(const char *word, uint32_t pages) {
  char *end;
  double number = strtod(word, &end);
  if (end == word || !(number > 0)) refuse("not a number of frames", word);
  if (strcmp(end, "%") == 0)
    number = floor(number * pages / 100 + 0.5);
  else if (*end != '\0' || number != floor(number))
    refuse("not a number of frames", word);
  if (number < 1) number = 1;
  if (number > 1 << 26) refuse("more frames than a 32-bit machine can have", word);
  return (frameno_t)number;
}

/* -- Replaying --------------------------------------------------------------------------------- */

/* Replays TRACE in FRAMES frames in all columns. */
static void replay_row(const struct trace *trace, frameno_t frames) {
  snprintf(sim.doing, sizeof sim.doing, "%s, %u frames, opt", trace->name, frames);
  uint64_t optimum = replay_opt(trace, frames, show_progress).faults;
  for (unsigned i = 0; i < sim.column_count; i++) {
    const struct column *column = &sim.columns[i];
    struct cell cell = {
        .trace = trace, .frames = frames, .policy = column->name, .optimum = optimum};
    snprintf(sim.doing, sizeof sim.doing, "%s, %u frames, %s", trace->name, frames, column->name);
    if (column->oracle != NULL)
      cell.result = column->oracle(trace, frames, show_progress);
    else
      cell.result =
          replay(trace, &(struct setting){frames, column->policy, column->filter, sim.as_kernel},
                 show_progress);
    sim.cells[sim.cell_count++] = cell;
  }
}

/* Replays TRACE in all sizes of memory that there are in LIST. */
static void replay_trace(const struct trace *trace, const char *list) {
  char *copy = strdup(list), *rest = copy, *word;
  while ((word = strsep(&rest, ",")) != NULL) {
    frameno_t frames = parse_frames(word, trace->pages);
    if (frames < trace->least_frames)
      fprintf(stderr, "quire-sim: note: %s was made for %u frames and more; %u are fewer\n",
              trace->name, trace->least_frames, frames);
    replay_row(trace, frames);
  }
  free(copy);
}

/* -- Results ----------------------------------------------------------------------------------- */

/* Faults of CELL over the best possible. */
static double ratio(const struct cell *cell) {
  return (double)cell->result.faults / (double)cell->optimum;
}

/* Accessed bits tested for each fault. */
static double tests(const struct cell *cell) {
  return (double)cell->result.tests / (double)cell->result.faults;
}

/* All cells, as comma-separated values. */
static void print_csv(void) {
  puts("trace,pages,frames,policy,faults,over_opt,write_backs,tests_per_fault");
  for (size_t i = 0; i < sim.cell_count; i++) {
    const struct cell *cell = &sim.cells[i];
    printf("%s,%u,%u,%s,%llu,%.4f,%llu,%.3f\n", cell->trace->name, cell->trace->pages, cell->frames,
           cell->policy, (unsigned long long)cell->result.faults, ratio(cell),
           (unsigned long long)cell->result.write_backs, tests(cell));
  }
}

/* All cells for people, those of one trace and size together. */
static void print_cells(void) {
  puts("trace        frames  policy           faults  over OPT  write-backs  tests/fault");
  for (size_t i = 0; i < sim.cell_count; i++) {
    const struct cell *cell = &sim.cells[i];
    if (i > 0 && i % sim.column_count == 0) putchar('\n');
    printf("%-12s %6u  %-12s %10llu  %8.3f  %11llu  %11.1f\n", cell->trace->name, cell->frames,
           cell->policy, (unsigned long long)cell->result.faults, ratio(cell),
           (unsigned long long)cell->result.write_backs, tests(cell));
  }
}

/* What the cells say of each policy together. */
static void print_means(void) {
  size_t rows = sim.cell_count / sim.column_count;
  if (rows < 2) return;
  printf("\nall %zu rows         policy        mean over OPT   worst     (geometric mean)\n", rows);
  for (unsigned column = 0; column < sim.column_count; column++) {
    double sum = 0, worst = 0;
    for (size_t row = 0; row < rows; row++) {
      double cell = ratio(&sim.cells[row * sim.column_count + column]);
      sum += log(cell);
      worst = fmax(worst, cell);
    }
    printf("                    %-12s  %13.3f  %6.2f\n", sim.columns[column].name,
           exp(sum / (double)rows), worst);
  }
}

/* Reads the options; the index of the first trace. */
static int parse_options(int argc, char *argv[]) {
  static const struct option known[] = {
      {"frames", required_argument, NULL, 'f'}, {"policy", required_argument, NULL, 'p'},
      {"csv", no_argument, NULL, 'c'},          {"svg", required_argument, NULL, 's'},
      {"help", no_argument, NULL, 'h'},         {"as-kernel", no_argument, NULL, 'k'},
      {"unpack", required_argument, NULL, 'u'}, {NULL, 0, NULL, 0}};
  int letter;
  while ((letter = getopt_long(argc, argv, "h", known, NULL)) != -1) {
    switch (letter) {
    case 'f': sim.frames = optarg; break;
    case 'p': sim.policies = optarg; break;
    case 'c': sim.csv = true; break;
    case 'k': sim.as_kernel = true; break;
    case 'u': sim.unpacked = optarg; break;
    case 's': sim.svg = optarg; break;
    case 'h': print_help(); exit(0);
    default: exit(2);
    }
  }
  if (optind == argc) refuse("no trace given", NULL);
  if (sim.unpacked != NULL && optind + 1 != argc) refuse("--unpack takes one trace", NULL);
  return optind;
}

/* Replays all, then shows it. */
int main(int argc, char *argv[]) {
  int first = parse_options(argc, argv);
  add_policies(sim.policies != NULL ? sim.policies : "all");
  if (sim.frames == NULL) sim.frames = sim.svg != NULL ? FRAMES_CURVE : FRAMES_DEFAULT;
  size_t sizes = 1;
  for (const char *c = sim.frames; *c != '\0'; c++) sizes += *c == ',';
  size_t traces = (size_t)(argc - first);
  struct trace *trace = must_alloc(traces, sizeof *trace);
  sim.cells = must_alloc(traces * sizes * sim.column_count, sizeof *sim.cells);
  for (size_t i = 0; i < traces; i++)
    if (!trace_read(&trace[i], argv[first + (int)i])) return 1;
  if (sim.unpacked != NULL) return trace_write(&trace[0], sim.unpacked) ? 0 : 1;
  for (size_t i = 0; i < traces; i++) replay_trace(&trace[i], sim.frames);
  hide_progress();
  if (sim.csv) {
    print_csv();
  } else {
    print_cells();
    print_means();
  }
  if (sim.svg != NULL && !svg_write(sim.svg, sim.cells, sim.cell_count)) return 1;
  for (size_t i = 0; i < traces; i++) trace_free(&trace[i]);
  return 0;
}
