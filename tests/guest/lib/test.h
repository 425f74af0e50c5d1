/* What guest tests share.

   A test defines test_main(); the program's main() is in the library and prints where it begins
   and ends.  A helper that is not a test itself defines main() and may use the rest.
   - CHECK(cond, fmt...) says what must hold: fails with the message if COND does not.
   - All output is lines of the form "(name) message". */
#ifndef TESTS_GUEST_LIB_TEST_H
#define TESTS_GUEST_LIB_TEST_H

#include <debug.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <syscall.h>

#define TEST_PAGE_SIZE 4096
#define USER_END       ((char *)0xc0000000)

/* The program's name, set by the library's main(); helpers set it themselves. */
extern const char *test_name;
extern int test_argc;
extern char **test_argv;

void test_main(void);

/* Prints a message on a line of its own. */
void msg(const char *format, ...) PRINTF_FORMAT(1, 2);
/* Prints why the test failed and ends it with status 1. */
void fail(const char *format, ...) PRINTF_FORMAT(1, 2) NO_RETURN;

#define CHECK(COND, ...)                                                                           \
  do {                                                                                             \
    if (!(COND)) fail(__VA_ARGS__);                                                                \
  } while (0)

/* Starts a command line, which must succeed. */
pid_t spawn(const char *format, ...) PRINTF_FORMAT(1, 2);
/* Starts a command line, which must succeed, and waits: its status. */
int run(const char *format, ...) PRINTF_FORMAT(1, 2);
/* Runs "CHILD KIND" for each of KINDS, which NULL ends: all must be killed. */
void check_killed(const char *child, const char *const *kinds);

/* Opens a file that must be there. */
int must_open(const char *name);
/* Makes a file of SIZE bytes of the pattern SEED. */
void make_file(const char *name, unsigned size, unsigned seed);
/* The file must be of SIZE bytes of the pattern SEED. */
void check_file(const char *name, unsigned size, unsigned seed);
/* Fills SIZE bytes with the part of the pattern SEED from OFFSET on, or compares them with it. */
void pattern_fill(void *buffer, unsigned size, unsigned offset, unsigned seed);
bool pattern_is(const void *buffer, unsigned size, unsigned offset, unsigned seed);

/* The end of the program's writable data, rounded up to a page: nothing is mapped from there. */
char *data_end(void);
/* Makes call NUMBER with the arguments at ESP + 4, with the stack pointer at ESP. */
int call_at(void *esp);

#endif
