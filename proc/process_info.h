/* What process_info() tells a program about a process.

   Part of the binary interface: fields are only ever added at the end, and the call fills in as
   many bytes as the caller asks for. */
#ifndef PROC_PROCESS_INFO_H
#define PROC_PROCESS_INFO_H

#include <stdint.h>

/* What a process does. */
enum process_state {
  PROCESS_RUNNING = 0,  /* It is the caller. */
  PROCESS_READY = 1,    /* It could run. */
  PROCESS_SLEEPING = 2, /* It waits for something. */
  PROCESS_ENDED = 3     /* Only its status is left, for its parent. */
};

struct process_info {
  int32_t pid;
  int32_t parent;             /* Or who adopted it; 0: the kernel. */
  uint32_t state;             /* An enum process_state. */
  uint32_t resident, swapped; /* Pages, mapped and in slots. */
  uint32_t ticks;             /* Of the timer, 100 a second, that met it running. */
  char waits_for[16];         /* What it sleeps for, cut to fit; "" otherwise. */
  char name[32];              /* The first word of its command line, cut to fit. */
};

#endif
