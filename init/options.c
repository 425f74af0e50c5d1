/* The options on the kernel's command line: one table. */
#include "init/options.h"
#include <stddef.h>
#include "init/cmdline.h"
#include "kern/print.h"
#include "lib/printf.h"
#include "lib/round.h"
#include "lib/string.h"
#include "proc/core.h"
#include "vm/event.h"
#include "vm/policy.h"

#define FRAMES_MIN        4 /* A program's instruction can need as many at once. */
#define FRAMES_MAX        0xfffffu
#define COLUMNS_MIN       8
#define COLUMNS_MAX       10000
#define STACK_KB_MIN      4
#define STACK_KB_MAX      (1u << 20)
#define STACK_KB_DEFAULT  8192
#define CLUSTER_PAGES_MAX 16
#define TRACE_MB_MAX      512
#define NAMES_SIZE        128 /* Of all policies, in a line. */

struct options options = {
    .frames_max = FRAMES_MAX, .stack_limit = STACK_KB_DEFAULT * 1024, .trace_flags = EVENTS_STOP};

struct option {
  const char *name;
  const char *value; /* What its value is called; NULL: it takes none. */
  const char *help;
  void (*set)(const struct option *option, const char *value);
};

/* The decimal number VALUE, from MIN to MAX, of OPTION; refuses what is none. */
static uint32_t parse_number(const struct option *option, const char *value, uint32_t min,
                             uint32_t max) {
  uint32_t number = 0;
  const char *digit = value;
  for (; *digit >= '0' && *digit <= '9'; digit++) {
    uint32_t next = number * 10 + (uint32_t)(*digit - '0');
    if (number > UINT32_MAX / 10 || next < number * 10) break;
    number = next;
  }
  if (*digit != '\0' || digit == value)
    cmdline_refuse("bad number `%s' for %s", value, option->name);
  if (number < min || number > max)
    cmdline_refuse("bad number `%s' for %s: it must be from %u to %u", value, option->name,
                   (unsigned)min, (unsigned)max);
  return number;
}

/* -h. */
static void set_help(const struct option *option, const char *value) {
  (void)option, (void)value;
  options.help = true;
}

/* -q. */
static void set_power_off(const struct option *option, const char *value) {
  (void)option, (void)value;
  options.power_off = true;
}

/* -r. */
static void set_reboot(const struct option *option, const char *value) {
  (void)option, (void)value;
  options.reboot = true;
  panic_set_reboot();
}

/* -f: formatting is the launcher's work. */
static void set_format(const struct option *option, const char *value) {
  (void)option, (void)value;
}

/* -filesys=BDEV. */
static void set_filesys(const struct option *option, const char *value) {
  (void)option;
  options.filesys = value;
}

/* -scratch=BDEV. */
static void set_scratch(const struct option *option, const char *value) {
  (void)option;
  options.scratch = value;
}

/* -swap=BDEV. */
static void set_swap(const struct option *option, const char *value) {
  (void)option;
  options.swap = value;
}

/* -rs=SEED. */
static void set_seed(const struct option *option, const char *value) {
  options.seed = parse_number(option, value, 0, UINT32_MAX);
}

/* -ul=COUNT. */
static void set_frames(const struct option *option, const char *value) {
  options.frames_max = parse_number(option, value, FRAMES_MIN, FRAMES_MAX);
}

/* -stack=KB. */
static void set_stack(const struct option *option, const char *value) {
  options.stack_limit = parse_number(option, value, STACK_KB_MIN, STACK_KB_MAX) * 1024;
}

/* -oom=RULE. */
static void set_oom(const struct option *option, const char *value) {
  static const struct {
    const char *name;
    enum shortage_rule rule;
  } rules[] = {
      {"largest", SHORTAGE_LARGEST},
      {"faulting", SHORTAGE_FAULTING},
      {"kill", SHORTAGE_FAULTING}, /* What it was called when there was no other to kill. */
      {"panic", SHORTAGE_PANIC}};
  for (unsigned i = 0; i < ARRAY_SIZE(rules); i++) {
    if (strcmp(value, rules[i].name) != 0) continue;
    options.oom = rules[i].rule;
    return;
  }
  cmdline_refuse("bad value `%s' for %s: it must be largest, faulting, or panic", value,
                 option->name);
}

/* -policy=NAME. */
static void set_policy(const struct option *option, const char *value) {
  options.policy = value;
  if (policy_lookup(value) != NULL) return;
  char names[NAMES_SIZE];
  size_t length = 0;
  for (unsigned i = 0; policy_number(i) != NULL; i++)
    length +=
        (size_t)snprintf(names + length, sizeof names - length, " %s", policy_number(i)->name);
  cmdline_refuse("no such policy `%s' for %s; there are:%s", value, option->name, names);
}

/* -vm-stress=SEED. */
static void set_vm_stress(const struct option *option, const char *value) {
  options.vm_stress = parse_number(option, value, 1, UINT32_MAX);
}

/* -vm-check=N. */
static void set_vm_check(const struct option *option, const char *value) {
  options.vm_check = parse_number(option, value, 1, UINT32_MAX);
}

/* Whether the switch VALUE of OPTION says off; refuses what is neither on nor off. */
static bool parse_off(const struct option *option, const char *value) {
  bool off = strcmp(value, "off") == 0;
  if (!off && strcmp(value, "on") != 0)
    cmdline_refuse("bad value `%s' for %s: it must be on or off", value, option->name);
  return off;
}

/* -asserts=SWITCH. */
static void set_asserts(const struct option *option, const char *value) {
  options.asserts_off = parse_off(option, value);
}

/* -cluster=PAGES. */
static void set_cluster(const struct option *option, const char *value) {
  options.cluster = parse_number(option, value, 1, CLUSTER_PAGES_MAX);
}

/* -readahead=SWITCH. */
static void set_readahead(const struct option *option, const char *value) {
  options.readahead_off = parse_off(option, value);
}

/* -zero-ahead=SWITCH. */
static void set_zero_ahead(const struct option *option, const char *value) {
  options.zero_ahead_off = parse_off(option, value);
}

/* -reserve=SWITCH. */
static void set_reserve(const struct option *option, const char *value) {
  options.reserve_off = parse_off(option, value);
}

/* -swap-keep. */
static void set_swap_keep(const struct option *option, const char *value) {
  (void)option, (void)value;
  options.swap_keep = true;
}

/* -load-control=SWITCH. */
static void set_load_control(const struct option *option, const char *value) {
  options.load_control_off = parse_off(option, value);
}

/* -explain. */
static void set_explain(const struct option *option, const char *value) {
  (void)option, (void)value;
  options.explain = true;
}

/* -core. */
static void set_core(const struct option *option, const char *value) {
  (void)option, (void)value;
  core_wanted = true;
}

/* -trace=MB. */
static void set_trace(const struct option *option, const char *value) {
  options.trace_mb = parse_number(option, value, 1, TRACE_MB_MAX);
}

/* -trace-full=WHAT. */
static void set_trace_full(const struct option *option, const char *value) {
  bool stops = strcmp(value, "stop") == 0;
  if (!stops && strcmp(value, "wrap") != 0)
    cmdline_refuse("bad value `%s' for %s: it must be stop or wrap", value, option->name);
  options.trace_flags &= ~(uint32_t)EVENTS_STOP;
  if (stops) options.trace_flags |= EVENTS_STOP;
}

/* -trace-out. */
static void set_trace_out(const struct option *option, const char *value) {
  (void)option, (void)value;
  options.trace_flags |= EVENTS_OUT;
}

/* -trace-tables. */
static void set_trace_tables(const struct option *option, const char *value) {
  (void)option, (void)value;
  options.trace_flags |= EVENTS_TABLES;
}

/* -terminal=COLUMNS. */
static void set_terminal(const struct option *option, const char *value) {
  options.terminal_columns = parse_number(option, value, COLUMNS_MIN, COLUMNS_MAX);
}

static const struct option table[] = {
    {"-h", NULL, "Print this help and power off.", set_help},
    {"-q", NULL, "Power off after the actions.", set_power_off},
    {"-r", NULL, "Reboot after the actions, or on a panic.", set_reboot},
    {"-f", NULL, "Format the file system (the launcher did it).", set_format},
    {"-filesys", "BDEV", "Use block device BDEV for the file system.", set_filesys},
    {"-scratch", "BDEV", "Use BDEV for scratch.", set_scratch},
    {"-swap", "BDEV", "Use BDEV for swap; BDEV:PRIORITY,BDEV...: several.", set_swap},
    {"-rs", "SEED", "Accepted, as graders give it; nothing here is random.", set_seed},
    {"-ul", "COUNT", "Limit the user pool to COUNT frames.", set_frames},
    {"-stack", "KB", "Let a stack grow to KB kilobytes (8192).", set_stack},
    {"-oom", "RULE", "Out of memory: the largest process ends (default), faulting, or panic.",
     set_oom},
    {"-policy", "NAME", "Use page replacement policy NAME.", set_policy},
    {"-cluster", "PAGES", "Write at most PAGES pages in one request (16).", set_cluster},
    {"-readahead", "SWITCH", "off: read only the page that was asked for (on).", set_readahead},
    {"-reserve", "SWITCH", "off: free a frame only when one is needed (on).", set_reserve},
    {"-zero-ahead", "SWITCH", "off: zero a page only when one is needed (on).", set_zero_ahead},
    {"-swap-keep", NULL, "Keep the slot of a page that was read back, until it is written.",
     set_swap_keep},
    {"-load-control", "SWITCH", "off: nobody is suspended when memory is too small for all (on).",
     set_load_control},
    {"-explain", NULL, "Say in plain words why a process was killed.", set_explain},
    {"-core", NULL, "A killed program leaves its memory in NAME.core.", set_core},
    {"-terminal", "COLUMNS", "The console is a terminal that wide, where Ctrl-C ends programs.",
     set_terminal},
    {"-trace", "MB", "Record every event in the top MB of memory (docs/trace.md).", set_trace},
    {"-trace-full", "WHAT", "When that is full: stop, or wrap (stop).", set_trace_full},
    {"-trace-out", NULL, "Write each event to port 0xe8, for an emulator.", set_trace_out},
    {"-trace-tables", NULL, "Record the tables at each mark and at the end.", set_trace_tables},
    {"-asserts", "SWITCH", "off: pages may change states unchecked (on).", set_asserts},
    {"-vm-check", "N", "Check all invariants of the VM every N evictions.", set_vm_check},
    {"-vm-stress", "SEED", "Evict at every chance, delay requests at random.", set_vm_stress},
};

/* The option called by the first LENGTH characters of WORD, or NULL. */
static const struct option *find_option(const char *word, size_t length) {
  for (unsigned i = 0; i < ARRAY_SIZE(table); i++)
    if (strlen(table[i].name) == length && memcmp(table[i].name, word, length) == 0)
      return &table[i];
  return NULL;
}

/* Takes the option WORD. */
static void parse_option(const char *word) {
  size_t length = strcspn(word, "=");
  const char *value = word[length] == '=' ? word + length + 1 : NULL;
  const struct option *option = find_option(word, length);
  if (option == NULL) cmdline_refuse("unknown option `%s' (use -h for help)", word);
  if (option->value == NULL && value != NULL)
    cmdline_refuse("option `%s' takes no value", option->name);
  if (option->value != NULL && value == NULL)
    cmdline_refuse("option `%s' requires a value: %s=%s", option->name, option->name,
                   option->value);
  option->set(option, value);
}

/* Takes the options at the start of WORDS. */
char **options_parse(char **words) {
  while (*words != NULL && **words == '-') parse_option(*words++);
  return words;
}

/* Prints a line for each option. */
void options_help(void) {
  kprintf("Options:\n");
  for (unsigned i = 0; i < ARRAY_SIZE(table); i++) {
    const struct option *option = &table[i];
    bool takes_value = option->value != NULL;
    int width = 18 - (int)strlen(option->name) - takes_value;
    kprintf("  %s%s%-*s %s\n", option->name, takes_value ? "=" : "", width,
            takes_value ? option->value : "", option->help);
  }
  kprintf("Policies, the first if none is named:\n");
  const struct policy *policy;
  for (unsigned i = 0; (policy = policy_number(i)) != NULL; i++)
    kprintf("  %-19s %s\n", policy->name, policy->summary);
}
