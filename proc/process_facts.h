/* What there is to tell about a process, as it is at one moment: for reports. */
#ifndef PROC_PROCESS_FACTS_H
#define PROC_PROCESS_FACTS_H

#include <stdbool.h>
#include <stdint.h>
#include "vm/usage.h"

#define COMMAND_NAME_SIZE 16 /* With its terminator; */
#define WAITS_FOR_SIZE    32 /* likewise. */

struct process_facts {
  int pid, parent; /* 0: the kernel. */
  char name
      [COMMAND_NAME_SIZE]; /* Its program's, without folders, cut to fit; no control characters. */
  char
      state; /* R runs or could, S sleeps until something ends it, D for a disk or a lock, Z has ended. */
  uint32_t ticks;                 /* Of the timer, that met it running. */
  char waits_for[WAITS_FOR_SIZE]; /* What it sleeps for, cut to fit; "" if it does not. */
  uint32_t minor, major;          /* Faults without and with a transfer. */
  bool has_memory;                /* The rest is of its memory, all 0 if it has none any more. */
  uint32_t code_start, code_end, stack_start;
  uint32_t pages, code, data,
      stack; /* Pages of regions: all, programs' code, private ones it may write, the stack. */
  struct vm_usage usage;
};

/* Fills in FACTS about process PID; false if there is none.  Takes the process table's lock. */
bool process_facts(int pid, struct process_facts *facts);

/* The region of process PID at FROM or behind it, and what stands in it if USAGE is not NULL; false if there is
   none, or no such process.  Lock likewise. */
bool process_region(int pid, uint32_t from, struct vm_region_facts *region, struct vm_usage *usage);

/* Copies up to SIZE bytes of the name by which process PID was started to NAME, terminated; false if there is no
   such process.  Lock likewise. */
bool process_name(int pid, char *name, uint32_t size);

#endif
