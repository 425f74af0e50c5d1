/* The kernel command line: `[OPTION...] [ACTION...]`. */
#ifndef INIT_OPTIONS_H
#define INIT_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#define WORDS_MAX 64

struct options {
  bool power_off; /* -q */
  bool reboot;    /* -r */
  const char *filesys, *scratch, *swap; /* Names of block devices; NULL: the first of its role. */
  const char *policy;
  uint32_t random_seed;
  uint32_t user_pages;  /* -ul; UINT32_MAX: all there are. */
  uint32_t stack_bytes; /* -stack */
  bool panic_on_oom;    /* -oom=panic */
  char **actions;       /* What follows the options, NULL at the end. */
};

extern struct options options;

/* Cuts LINE into words at spaces, quotes keeping words together, and reads the options.  What cannot
   be understood is said in one line, and the machine ends with USAGE_EXIT_STATUS. */
void options_parse(const char *line);

/* Ends the machine after a line that says what is wrong with the command line or the machine. */
#define USAGE_EXIT_STATUS 2 /* QEMU ends with 5. */
_Noreturn void usage_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
