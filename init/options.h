/* The options on the kernel's command line. */
#ifndef INIT_OPTIONS_H
#define INIT_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include "proc/shortage.h"

struct options {
  bool help, power_off, reboot;
  const char *filesys, *scratch, *swap; /* Names of block devices; NULL: the first of that role. */
  uint32_t frames_max;                  /* In the user pool. */
  uint32_t stack_limit;                 /* Bytes. */
  enum shortage_rule oom;
  const char *policy; /* NULL: the default. */
  uint32_t vm_stress; /* Seed; 0: no stress. */
  uint32_t vm_check;  /* Evictions between two checks; 0: none. */
  bool explain;
  bool asserts_off;
  uint32_t cluster; /* Pages of a request; 0: as many as suit. */
  bool readahead_off, reserve_off, zero_ahead_off, swap_keep, load_control_off;
  uint32_t trace_mb;         /* For events, at the top of RAM; 0: the flight recorder alone. */
  uint32_t trace_flags;      /* enum event_flags */
  unsigned terminal_columns; /* 0: the console is no terminal. */
  uint32_t seed;             /* For whatever needs chance; nothing does at present. */
};

/* Fixed after options_parse(). */
extern struct options options;

/* Takes the options at the start of WORDS; returns the first word that is none.  Does not return
   if one is unknown or makes no sense. */
char **options_parse(char **words);
void options_help(void);

#endif
