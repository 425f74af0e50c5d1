/* All processes, as /proc tells of them. */
#include <path.h>
#include <processes.h>
#include <report.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syscall.h>

#define FIRST_ROWS 16

/* The report NAME of process PID, as report_read(). */
static char *read_of(const char *pid, const char *name) {
  char path[32];
  snprintf(path, sizeof path, "/proc/%s/%s", pid, name);
  return report_read(path);
}

/* Takes from STAT what ROW wants. */
static bool parse_stat(const char *stat, struct process_row *row) {
  const char *name = strchr(stat, '('), *end = strrchr(stat, ')');
  if (name == NULL || end == NULL || (size_t)(end - name) > sizeof row->name) return false;
  row->pid = atoi(stat);
  strlcpy(row->name, name + 1, end - name);
  return sscanf(end + 1, " %c %d %*d %*d %*d %*d %*u %*u %*u %u %*u %u", &row->state, &row->parent,
                &row->major, &row->ticks) == 4;
}

/* Fills in ROW about the process whose directory is PID; false if it has ended meanwhile. */
static bool read_row(const char *pid, struct process_row *row) {
  char *stat = read_of(pid, "stat"), *status = read_of(pid, "status"),
       *waits = read_of(pid, "wchan");
  bool complete = stat != NULL && status != NULL && waits != NULL && parse_stat(stat, row);
  if (complete) {
    row->rss = report_number(status, "VmRSS:");
    row->swap = report_number(status, "VmSwap:");
    strlcpy(row->waits_for, strcmp(waits, "0") != 0 ? waits : "-", sizeof row->waits_for);
  }
  free(stat);
  free(status);
  free(waits);
  return complete;
}

/* Reads the processes that directory FD lists. */
static int read_rows(int fd, struct process_row **rows) {
  char name[NAME_MAX + 1];
  int count = 0, room = 0;
  while (readdir_name(fd, name, sizeof name) > 0 && name[0] <= '9') {
    if (count == room) {
      room = room > 0 ? 2 * room : FIRST_ROWS;
      struct process_row *more = realloc(*rows, room * sizeof **rows);
      if (more == NULL) return -1;
      *rows = more;
    }
    if (read_row(name, &(*rows)[count])) count++;
  }
  return count;
}

/* Processes come first in the directory, by pid. */
int processes_read(struct process_row **rows) {
  *rows = NULL;
  int fd = open("/proc");
  if (fd < 0) return -1;
  int count = read_rows(fd, rows);
  close(fd);
  if (count < 0) free(*rows);
  return count;
}

/* Minutes, seconds and hundredths. */
void processes_time(unsigned ticks, char text[PROCESSES_TIME]) {
  snprintf(text, PROCESSES_TIME, "%u:%02u.%02u", ticks / 6000, ticks / 100 % 60, ticks % 100);
}

/* What the letter STATE stands for. */
static const char *state_name(char state) {
  switch (state) {
  case 'R': return "runs";
  case 'S': return "sleeps";
  case 'D': return "waits";
  default: return "ended";
  }
}

/* Prints a line for each. */
bool processes_print(void) {
  struct process_row *rows;
  char time[PROCESSES_TIME];
  int count = processes_read(&rows);
  if (count < 0) {
    printf("ps: /proc cannot be read, or there is no memory\n");
    return false;
  }
  printf("  PID PARENT  STATE   RSS KB  SWAP KB  MAJOR      TIME  WAITS FOR        NAME\n");
  for (const struct process_row *row = rows; row < rows + count; row++) {
    processes_time(row->ticks, time);
    printf("%5d %6d  %-6s %7u %8u %6u %9s  %-16.16s %s\n", row->pid, row->parent,
           state_name(row->state), row->rss, row->swap, row->major, time, row->waits_for,
           row->name);
  }
  free(rows);
  return true;
}
