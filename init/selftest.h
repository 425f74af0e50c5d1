/* Bugs on purpose, each of which some detector of the kernel must find. */
#ifndef INIT_SELFTEST_H
#define INIT_SELFTEST_H

#include <stdbool.h>

/* Whether there is a self-test NAME. */
bool selftest_exists(const char *name);
/* Does it.  Most do not return. */
void selftest_run(const char *name);

#endif
