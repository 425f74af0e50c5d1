/* The bad pointers that calls are tried with, in a file of its own for the programs that do. */
#include "tests/guest/lib/pointers.h"
#include <stdio.h>
#include "tests/guest/lib/test.h"

/* Kinds for any call that reads a string. */
const char *const string_pointers[] = {"null",        "low",        "hole",      "kernel",
                                       "kernel-data", "last-bytes", "into-hole", NULL};
/* Kinds for a call that reads memory of a given size. */
const char *const source_pointers[] = {"null",        "low",       "hole",        "kernel",
                                       "kernel-data", "into-hole", "into-kernel", "last-bytes",
                                       "below-stack", "huge",      NULL};
/* Kinds for a call that writes memory. */
const char *const target_pointers[] = {"null",      "low",         "hole",       "kernel",
                                       "into-hole", "into-kernel", "last-bytes", "below-stack",
                                       "code",      "constant",    NULL};

/* CALL must be the end of whoever makes it with a pointer of one of KINDS. */
void check_pointers(const char *call, const char *const *kinds) {
  char child[64];
  snprintf(child, sizeof child, "child-pointer %s", call);
  check_killed(child, kinds);
}
