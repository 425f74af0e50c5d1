/* Helpers of the tests of mappings, heap and fork. */
#ifndef TESTS_GUEST_LIB_MEMORY_H
#define TESTS_GUEST_LIB_MEMORY_H

#include <vm.h>
#include "tests/guest/lib/figures.h"
#include "tests/guest/lib/pages.h"
#include "tests/guest/lib/test.h"

#define READ_WRITE (PROT_READ | PROT_WRITE)
#define ANONYMOUS  (MAP_PRIVATE | MAP_ANONYMOUS)

/* Where tests map files: far from everything else. */
#define PLACE  ((char *)0x10000000)
#define PLACE2 ((char *)0x20000000)

/* The result of CALL, a number or an address, must be WANT. */
#define CHECK_IS(CALL, WANT)                                                                       \
  do {                                                                                             \
    long is_result = (long)(CALL);                                                                 \
    CHECK(is_result == (long)(WANT), "%s must be %s, is %ld", #CALL, #WANT, is_result);            \
  } while (0)

/* Page I of memory at BASE. */
#define PAGE_AT(BASE, I) ((char *)(BASE) + (I)*PAGE)

/* PAGES pages of zeroes of this process's own. */
char *map_anonymous(unsigned pages);
/* PAGES pages of zeroes, shared with those that inherit them. */
char *map_shared(unsigned pages);
/* Maps the file NAME at ADDRESS by mmap(), closes the descriptor and gives the mapping's id. */
int map_file(const char *name, char *address);
/* Fills COUNT pages at MEMORY in version VERSION; or checks that they are so. */
void fill_pages(char *memory, unsigned count, unsigned version);
void check_pages(const char *memory, unsigned count, unsigned version);
/* How many of COUNT pages at MEMORY are in frames now. */
unsigned count_resident(char *memory, unsigned count);
/* Locks this program and the top of its stack in memory, so that others who use memory up cannot be
   the end of it. */
void stay_resident(void);
/* Sends what may leave out of memory, by using more than there is.  Under a policy that spares what it once saw used,
   such as duo, some of it may stay: a test that counts on all of it has `KERNEL: -policy=clock` in its header. */
void push_out(void);

/* Runs BODY(AUX) in a child made by fork, which ends with the status it returns. */
pid_t start_child(int (*body)(char *), char *aux);
/* Runs BODY(AUX) in a child to its end: its status. */
int run_child(int (*body)(char *), char *aux);
/* BODY(AUX) must be the end of a child that tries it. */
void must_die(int (*body)(char *), char *aux, const char *what);
/* Bodies: read a byte at ADDRESS, write one. */
int read_byte(char *address);
int write_byte(char *address);

#endif
