/* Reports: what stands in /proc.  A report is a file whose content is made when it is opened.

   - reports_init() (process.h) attaches the directory; paths lead to it from then on (fs/node.h).
   - The content is text, in pages that go to swap as a process's do; nothing is kept in kernel memory.  It stays as it
     was made until the file is closed or sought to its start.
   - One function makes each kind: it prints line by line.  While it prints it holds no lock, so a report of several
     lines may be of several moments. */
#ifndef PROC_REPORT_H
#define PROC_REPORT_H

#include <stdbool.h>
#include <stdint.h>

struct store;

/* The text of a report, being made. */
struct report_text {
  struct store *store;
  uint32_t length;
  int error; /* The vm_error because of which nothing more is taken, or VM_OK. */
};

/* Adds SIZE bytes to TEXT, or a line of less than REPORT_LINE_SIZE.  May sleep; no lock but that of an open file is held. */
#define REPORT_LINE_SIZE 160
void report_write(struct report_text *text, const void *bytes, uint32_t size);
void report_print(struct report_text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Makes the report of process PID (0 in those about the system).  False if there is no such process. */
typedef bool report_function(struct report_text *text, int pid);

/* proc/report_system.c */
report_function report_meminfo, report_policy, report_stat, report_uptime, report_vmstat;
/* proc/report_process.c */
report_function report_process_cmdline, report_process_stat, report_process_status,
    report_process_wchan;
/* proc/report_maps.c */
report_function report_process_maps, report_process_smaps;

#endif
