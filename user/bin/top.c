/* top [-n COUNT] [-d SECONDS]: shows the busiest processes, again and again, until q or Ctrl-C. */
#include <process_info.h>
#include <processes.h>
#include <report.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syscall.h>
#include <vm.h>
#include "proc/syscall_numbers.h"

#define ROWS_MAX    15  /* Of processes: a screen of 24 rows is not scrolled. */
#define SLICE_MS    100 /* How long a key waits at most. */
#define SECONDS_MAX 3600
#define CLEAR       "\033[H\033[J"

/* What is known of a process from the last time. */
struct known {
  struct process_row *rows;
  int count;
  unsigned ticks; /* Of the processor. */
};

static struct known last;

/* The ticks of process PID the last time, 0 if it was not there. */
static unsigned ticks_before(int pid) {
  for (int i = 0; i < last.count; i++)
    if (last.rows[i].pid == pid) return last.rows[i].ticks;
  return 0;
}

/* The ticks that ROW was met running since the last time. */
static unsigned ticks_since(const struct process_row *row) {
  unsigned before = ticks_before(row->pid);
  return row->ticks > before ? row->ticks - before : 0;
}

/* Compares rows: the busiest first, then the largest. */
static int compare(const void *a, const void *b) {
  const struct process_row *left = a, *right = b;
  unsigned by_left = ticks_since(left), by_right = ticks_since(right);
  if (by_left != by_right) return by_left < by_right ? 1 : -1;
  if (left->rss != right->rss) return left->rss < right->rss ? 1 : -1;
  return left->pid - right->pid;
}

/* Prints the lines about the system and its COUNT processes; the processor's ticks so far. */
static unsigned print_system(int count) {
  char *meminfo = report_read("/proc/meminfo"), *stat = report_read("/proc/stat");
  unsigned user = 0, system = 0, idle = 0;
  if (meminfo == NULL || stat == NULL) {
    printf("top: /proc cannot be read, or there is no memory\n");
    exit(EXIT_FAILURE);
  }
  sscanf(stat, "cpu %u %*u %u %u", &user, &system, &idle);
  unsigned total = user + system + idle;
  printf("top: %d processes, %u run, up %u.%02u s, processor %u %% busy since boot\n", count,
         report_number(stat, "procs_running"), total / 100, total % 100,
         total > 0 ? (user + system) * 100 / total : 0);
  printf("KiB memory: %'u total, %'u free, %'u cached;  swap: %'u total, %'u free\n\n",
         report_number(meminfo, "MemTotal:"), report_number(meminfo, "MemFree:"),
         report_number(meminfo, "Cached:"), report_number(meminfo, "SwapTotal:"),
         report_number(meminfo, "SwapFree:"));
  free(meminfo);
  free(stat);
  return total;
}

/* Prints the first of COUNT ROWS, of the time in which there were TICKS ticks. */
static void print_rows(const struct process_row *rows, int count, unsigned ticks) {
  char time[PROCESSES_TIME];
  printf("  PID S  CPU %%   RSS KB  SWAP KB  MAJOR      TIME  NAME\n");
  for (int i = 0; i < count && i < ROWS_MAX; i++) {
    processes_time(rows[i].ticks, time);
    printf("%5d %c %6u %8u %8u %6u %9s  %s\n", rows[i].pid, rows[i].state,
           ticks > 0 ? ticks_since(&rows[i]) * 100 / ticks : 0, rows[i].rss, rows[i].swap,
           rows[i].major, time, rows[i].name);
  }
  if (count > ROWS_MAX) printf("and %d more\n", count - ROWS_MAX);
}

/* Shows everything once, on a cleared SCREEN if it is one. */
static void show(bool screen) {
  struct known now;
  now.count = processes_read(&now.rows);
  if (now.count < 0) {
    printf("top: /proc cannot be read, or there is no memory\n");
    exit(EXIT_FAILURE);
  }
  if (screen) printf(CLEAR);
  now.ticks = print_system(now.count);
  qsort(now.rows, now.count, sizeof *now.rows, compare);
  print_rows(now.rows, now.count, now.ticks - last.ticks);
  if (screen) printf("\nq ends\n");
  free(last.rows);
  last = now;
}

/* Starts a process that reads keys, and ends when one is q. */
static pid_t start_reader(void) {
  char key = 0;
  pid_t pid = fork();
  if (pid != 0) return pid;
  while (key != 'q' && read(STDIN_FILENO, &key, 1) == 1) continue;
  exit(EXIT_SUCCESS);
}

/* Whether READER has ended. */
static bool has_ended(pid_t reader) {
  struct process_info info;
  return process_info(reader - 1, &info, sizeof info) != reader || info.state == PROCESS_ENDED;
}

/* Sleeps SECONDS, or until READER, if there is one, ends: then false. */
static bool wait_for(unsigned seconds, pid_t reader) {
  for (unsigned ms = 0; ms < seconds * 1000; ms += SLICE_MS) {
    if (reader > 0 && has_ended(reader)) return false;
    sleep_ms(SLICE_MS);
  }
  return true;
}

/* Shows everything COUNT times, SECONDS apart; without end if COUNT is 0. */
static void run(unsigned count, unsigned seconds) {
  bool screen = console_mode(CONSOLE_KEYS) > 0;
  pid_t reader = screen ? start_reader() : 0;
  if (!screen && count == 0) count = 1;
  for (unsigned i = 0; count == 0 || i < count; i++) {
    if (i > 0 && !wait_for(seconds, reader)) break;
    show(screen);
  }
  if (reader > 0) {
    kill(reader);
    wait(reader);
  }
  if (screen) console_mode(CONSOLE_LINES);
}

/* Takes the value of option NAME, a number from 1 to MAX; 0 if it is none. */
static unsigned value_of(const char *text, unsigned max) {
  char *end;
  if (text == NULL || *text < '0' || *text > '9') return 0;
  unsigned long value = strtoul(text, &end, 10);
  return *end == '\0' && value <= max ? (unsigned)value : 0;
}

/* By its arguments. */
int main(int argc, char *argv[]) {
  unsigned count = 0, seconds = 2;
  bool asked = argc == 2 && strcmp(argv[1], "-h") == 0, good = !asked;
  for (int i = 1; i < argc && good; i += 2) {
    unsigned *option = strcmp(argv[i], "-n") == 0   ? &count
                       : strcmp(argv[i], "-d") == 0 ? &seconds
                                                    : NULL;
    if (option != NULL) *option = value_of(argv[i + 1], SECONDS_MAX);
    good = option != NULL && *option > 0;
  }
  if (good) {
    run(count, seconds);
    return EXIT_SUCCESS;
  }
  printf("usage: top [-n COUNT] [-d SECONDS]\nShows the busiest processes each 2 seconds, or as "
         "often as said, until q or Ctrl-C;\n"
         "where there is no terminal once, or COUNT times.\n");
  return asked ? EXIT_SUCCESS : EXIT_FAILURE;
}
