/* Reports about a process: what it is and does. */
#include "lib/string.h"
#include "proc/process_facts.h"
#include "proc/report.h"

#define PAGE_KB   (VM_PAGE_SIZE / 1024)
#define NAME_SIZE 256 /* Of the name that cmdline gives; longer ones are cut. */

/* /proc/PID/cmdline: the name by which it was started.  Its arguments are in its own memory. */
bool report_process_cmdline(struct report_text *text, int pid) {
  char name[NAME_SIZE];
  if (!process_name(pid, name, sizeof name)) return false;
  report_write(text, name, strlen(name) + 1);
  return true;
}

/* Prints COUNT numbers that are 0 here: what there is not. */
static void print_zeroes(struct report_text *text, unsigned count) {
  while (count-- > 0) report_write(text, " 0", 2);
}

/* /proc/PID/stat: 52 fields in a line. */
bool report_process_stat(struct report_text *text, int pid) {
  struct process_facts f;
  if (!process_facts(pid, &f)) return false;
  report_print(text, "%d (%s) %c %d %d %d 0 -1 0", f.pid, f.name, f.state, f.parent, f.pid, f.pid);
  report_print(text, " %u 0 %u 0 %u 0 0 0", (unsigned)f.minor, (unsigned)f.major,
               (unsigned)f.ticks); /* 10 to 17: faults, times. */
  report_print(text, " 20 0 1 0 0 %u %u %u", (unsigned)(f.pages * VM_PAGE_SIZE),
               (unsigned)f.usage.mapped, UINT32_MAX); /* 18 to 25: priority, threads, size. */
  report_print(text, " %u %u %u", (unsigned)f.code_start, (unsigned)f.code_end,
               (unsigned)f.stack_start);
  print_zeroes(text, 9); /* 29 to 37: registers, signals. */
  report_write(text, " 17", 3);
  print_zeroes(text, 14); /* 39 to 52. */
  report_write(text, "\n", 1);
  return true;
}

/* Prints a line of status, in KiB. */
static void print_kb(struct report_text *text, const char *name, uint32_t pages) {
  report_print(text, "%s:\t%8u kB\n", name, (unsigned)(pages * PAGE_KB));
}

/* Prints what there is of memory. */
static void print_memory(struct report_text *text, const struct process_facts *f) {
  const struct vm_usage *u = &f->usage;
  print_kb(text, "VmSize", f->pages);
  print_kb(text, "VmLck", u->locked);
  print_kb(text, "VmRSS", u->mapped);
  print_kb(text, "RssAnon", u->mapped - u->of_files - u->of_shared_memory);
  print_kb(text, "RssFile", u->of_files);
  print_kb(text, "RssShmem", u->of_shared_memory);
  print_kb(text, "VmData", f->data);
  print_kb(text, "VmStk", f->stack);
  print_kb(text, "VmExe", f->code);
  print_kb(text, "VmSwap", u->swapped);
}

/* /proc/PID/wchan: what it waits for, without a line end; 0 if it does not. */
bool report_process_wchan(struct report_text *text, int pid) {
  struct process_facts f;
  if (!process_facts(pid, &f)) return false;
  report_print(text, "%s", f.waits_for[0] != '\0' ? f.waits_for : "0");
  return true;
}

/* What the letter STATE of a process stands for. */
static const char *state_name(char state) {
  switch (state) {
  case 'S': return "sleeping";
  case 'D': return "disk sleep";
  case 'Z': return "zombie";
  default: return "running";
  }
}

/* /proc/PID/status. */
bool report_process_status(struct report_text *text, int pid) {
  struct process_facts f;
  if (!process_facts(pid, &f)) return false;
  report_print(text, "Name:\t%s\nState:\t%c (%s)\n", f.name, f.state, state_name(f.state));
  report_print(text, "Tgid:\t%d\nPid:\t%d\nPPid:\t%d\n", f.pid, f.pid, f.parent);
  report_print(text, "Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n");
  if (f.has_memory) print_memory(text, &f);
  report_print(text, "Threads:\t1\n");
  return true;
}
