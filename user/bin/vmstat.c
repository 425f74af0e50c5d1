/* vmstat [-s] [INTERVAL [COUNT]]: prints what the virtual memory of the system holds and does. */
#include <report.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syscall.h>

#define LINES_A_HEAD 20 /* Lines between two heads. */
#define INTERVAL_MAX 3600

/* What a line is made of: totals since boot, but for the first three. */
struct sample {
  unsigned running, blocked, swap_used, free, cached;
  unsigned swap_in, swap_out, in, out, faults, major, switches;
  unsigned user, system, idle;
};

/* Reads all of it; false if /proc cannot be read. */
static bool take(struct sample *s) {
  char *vmstat = report_read("/proc/vmstat"), *meminfo = report_read("/proc/meminfo");
  char *stat = report_read("/proc/stat");
  bool complete = vmstat != NULL && meminfo != NULL && stat != NULL &&
                  sscanf(stat, "cpu %u %*u %u %u", &s->user, &s->system, &s->idle) == 3;
  if (complete) {
    s->running = report_number(stat, "procs_running");
    s->blocked = report_number(stat, "procs_blocked");
    s->switches = report_number(stat, "ctxt");
    s->swap_used = report_number(meminfo, "SwapTotal:") - report_number(meminfo, "SwapFree:");
    s->free = report_number(meminfo, "MemFree:");
    s->cached = report_number(meminfo, "Cached:");
    s->swap_in = report_number(vmstat, "pswpin") * 4;
    s->swap_out = report_number(vmstat, "pswpout") * 4;
    s->in = report_number(vmstat, "pgpgin");
    s->out = report_number(vmstat, "pgpgout");
    s->faults = report_number(vmstat, "pgfault");
    s->major = report_number(vmstat, "pgmajfault");
  }
  free(vmstat);
  free(meminfo);
  free(stat);
  return complete;
}

/* Prints what stands above the lines. */
static void print_head(void) {
  printf(
      "procs ------memory KiB------ --swap KiB/s- ---io KiB/s-- --faults/s-- switch --cpu %%---\n"
      " r  b    used    free   cache     si     so     bi     bo   all  major   cs/s  us  sy  "
      "id\n");
}

/* Prints a line about what happened between OLD and NEW. */
static void print_line(const struct sample *old, const struct sample *new) {
  unsigned user = new->user - old->user, system = new->system - old->system;
  unsigned ticks = user + system + new->idle - old->idle;
  if (ticks == 0) ticks = 1;
#define A_SECOND(FIELD) ((unsigned)((uint64_t)(new->FIELD - old->FIELD) * 100 / ticks))
  printf("%2u %2u %7u %7u %7u %6u %6u %6u %6u %5u %6u %6u %3u %3u %3u\n", new->running,
         new->blocked, new->swap_used, new->free, new->cached, A_SECOND(swap_in),
         A_SECOND(swap_out), A_SECOND(in), A_SECOND(out), A_SECOND(faults), A_SECOND(major),
         A_SECOND(switches), user * 100 / ticks, system * 100 / ticks,
         (new->idle - old->idle) * 100 / ticks);
#undef A_SECOND
}

/* Prints COUNT lines, INTERVAL seconds apart, the first since boot; without end if COUNT is 0. */
static bool run(unsigned interval, unsigned count) {
  struct sample old = {0}, new;
  for (unsigned line = 0; count == 0 || line < count; line++) {
    if (line > 0) sleep_ms(interval * 1000);
    if (!take(&new)) {
      printf("vmstat: /proc cannot be read, or there is no memory\n");
      return false;
    }
    if (line % LINES_A_HEAD == 0) print_head();
    print_line(&old, &new);
    old = new;
  }
  return true;
}

/* Prints all that /proc/vmstat counts, numbers first. */
static bool print_all(void) {
  char *text = report_read("/proc/vmstat"), name[40];
  unsigned long long value;
  for (const char *line = text; line != NULL; line = report_next_line(line))
    if (sscanf(line, "%39s %llu", name, &value) == 2) printf("%'14llu %s\n", value, name);
  if (text == NULL) printf("vmstat: /proc/vmstat cannot be read\n");
  free(text);
  return text != NULL;
}

/* The whole number from 1 to MAX that TEXT is, or 0. */
static unsigned number(const char *text, unsigned max) {
  char *end;
  unsigned long value = strtoul(text, &end, 10);
  return *end == '\0' && *text >= '0' && *text <= '9' && value <= max ? (unsigned)value : 0;
}

/* Tells what can be asked for. */
static void print_usage(void) {
  printf("usage: vmstat [INTERVAL [COUNT]]     a line each INTERVAL seconds (1 to 3600), COUNT in "
         "all\n"
         "       vmstat -s                     all counters since boot\n"
         "The first line is of the time since boot.  r, b: processes that run, that wait for a "
         "disk or a lock;\n"
         "si, so: from and to swap; bi, bo: from and to all disks; major faults are those that "
         "read.\n");
}

/* By its arguments. */
int main(int argc, char *argv[]) {
  bool asked = argc == 2 && strcmp(argv[1], "-h") == 0;
  if (argc == 2 && strcmp(argv[1], "-s") == 0) return print_all() ? EXIT_SUCCESS : EXIT_FAILURE;
  unsigned interval = argc > 1 ? number(argv[1], INTERVAL_MAX) : 1;
  unsigned count = argc > 2 ? number(argv[2], UINT32_MAX) : argc == 1;
  if (asked || argc > 3 || interval == 0 || (argc > 2 && count == 0)) {
    print_usage();
    return asked ? EXIT_SUCCESS : EXIT_FAILURE;
  }
  return run(interval, count) ? EXIT_SUCCESS : EXIT_FAILURE;
}
