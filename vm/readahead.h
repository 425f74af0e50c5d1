/* Reading ahead: a page that continues a run is read together with those that come next.

   A stream is a run of neighbouring pages that were read one after the other, upwards or
   downwards.  A read next to a stream continues it and doubles its window; any other read starts
   one anew, with none, so guessing stops as soon as the guesses are wrong.  Two streams are
   followed at a time: what merges or partitions an array walks along two places.  Guesses only get
   frames that are free, or whose pages are clean and the policy's next victims anyway.  VM lock. */
#ifndef VM_READAHEAD_H
#define VM_READAHEAD_H

#include <stdbool.h>
#include "vm/types.h"

#define RUN_MAX     16
#define STREAMS_MAX 2

struct page;

/* Pages [low, high] were read; window more come with the next. */
struct stream {
  uint32_t low, high;
  uint32_t window;
};

/* The streams of one store, or of one region's pages in swap; the one used last comes first. */
struct readahead {
  struct stream streams[STREAMS_MAX];
};

/* Pages that are read in one request, in the order they have on disk.  The one at `wanted` was asked
   for, the others are guesses, ARRIVING and held. */
struct read_run {
  unsigned count, wanted;
  struct page *pages[RUN_MAX];
};

/* Sizes windows for a pool of FRAMES. */
void readahead_init(frameno_t frames);

/* Starts RUN with PAGE, ARRIVING and framed, and adds the pages of its file that should come with
   it. */
void readahead_file(struct read_run *run, struct page *page);
/* Starts RUN with PAGE, ARRIVING and framed, and adds the pages next to it both in the address space and on disk. */
void readahead_swap(struct read_run *run, struct page *page);
/* The frames of RUN's pages. */
void read_run_memory(const struct read_run *run, void *memory[]);
/* The guesses of RUN were read, or not: they are RESIDENT, or ABSENT as before.  RUN has only the
   wanted page then. */
void read_run_end(struct read_run *run, bool arrived);
/* Before page INDEX is read for a region with ADVICE (enum vm_advice): makes AHEAD follow it. */
void readahead_advise(struct readahead *ahead, uint32_t index, int advice);

#endif
