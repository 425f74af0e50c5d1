/* Rounds of exhaustion: something is used up again and again, and after each round all is back. */
#ifndef TESTS_GUEST_LIB_FULL_H
#define TESTS_GUEST_LIB_FULL_H

#include "tests/guest/lib/memory.h"

/* Runs ROUND as often as the last argument of the program says (ROUNDS in the test's header), the
   program itself locked in memory.  The first rounds show what is in use after a round; after each of
   the others frames, slots, kernel memory and threads must be the same again. */
void full_rounds(void (*round)(void));

/* Fills the pages of the mapping at MEMORY, one after the other, until it is killed; MEMORY's page
   before the first counts them. */
int full_fill(char *counted);
/* Room for full_fill(): a shared page that counts, and PAGES private pages after it. */
char *full_map(unsigned pages);
/* Pages that full_fill() filled in the mapping at COUNTED. */
unsigned full_count(const char *counted);
/* How many pages of the mapping at COUNTED there is memory for: a child fills them, and must be killed for it. */
unsigned full_measure(char *counted);

/* One process holds all memory that it can get, which is fewer than PAGES pages, while another goes on
   with what it has: its code and constants, the file "file" of full_make_file() and a few pages. */
void full_hold_all(unsigned pages);
void full_make_file(void);
/* A round: a child fills 200 pages and must be killed for it; then one that wants a few gets them. */
void full_greedy_and_modest(void);

#endif
