/* Reading ahead: a page that continues a run is read together with those that follow it.

   A run is recognised by the index of the page that was expected next.  The window doubles with
   each page that was expected and is closed by one that was not, so guessing stops as soon as
   the guesses are wrong.  Guesses only get frames that are free, or whose pages are clean and the
   policy's next victims anyway.  VM lock. */
#ifndef VM_READAHEAD_H
#define VM_READAHEAD_H

#include <stdbool.h>
#include "vm/types.h"

#define RUN_MAX 16

struct page;
struct region;
struct store;

/* Where a run of reads stands: one for each store, one for each region's pages in swap. */
struct readahead {
  uint32_t expected; /* Index or virtual page that would continue it. */
  uint8_t window;    /* Pages to read beyond the one that is needed. */
};

/* Pages that are read in one request: the first was asked for, the others are guesses, ARRIVING
   and held. */
struct read_run {
  unsigned count;
  struct page *pages[RUN_MAX];
};

/* Starts RUN with PAGE, ARRIVING and framed, and adds the pages of its file that should come with
   it. */
void readahead_file(struct read_run *run, struct page *page);
/* The same for PAGE, which is in a slot: pages next to it in the address space and on disk. */
void readahead_swap(struct read_run *run, struct page *page);
/* The frames of RUN's pages. */
void read_run_memory(const struct read_run *run, void *memory[]);
/* The guesses of RUN were read, or not: they are RESIDENT, or ABSENT as before. */
void read_run_end(struct read_run *run, bool arrived);
/* Before a page at INDEX is read for a region with ADVICE (enum vm_advice): makes AHEAD follow it. */
void readahead_advise(struct readahead *ahead, uint32_t index, int advice);

#endif
