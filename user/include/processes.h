/* All processes, as /proc tells of them, and how programs show them. */
#ifndef USER_PROCESSES_H
#define USER_PROCESSES_H

#include <stdbool.h>

struct process_row {
  int pid, parent;
  char state;         /* R runs or could, S sleeps, D sleeps for a disk or a lock, Z has ended. */
  unsigned major;     /* Faults that read from a disk. */
  unsigned ticks;     /* Of the timer, 100 a second, that met it running. */
  unsigned rss, swap; /* KiB in frames, and in swap. */
  char waits_for[32]; /* What it sleeps for; "-" otherwise. */
  char name[16];
};

/* Reads all processes, by pid, into memory of malloc()'s at *ROWS; how many there are, or -1 if there is no memory, or
   /proc cannot be read. */
int processes_read(struct process_row **rows);
/* Prints them with a line above: what the shell and `ps' show.  False after a line that says why it cannot. */
bool processes_print(void);
/* TICKS as minutes, seconds and hundredths in TEXT of PROCESSES_TIME bytes. */
#define PROCESSES_TIME 16
void processes_time(unsigned ticks, char text[PROCESSES_TIME]);

#endif
