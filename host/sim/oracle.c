/* Oracles: replays by what no kernel can know. */
#include <stdlib.h>
#include <string.h>
#include "host/sim/sim.h"

#define PIECE (1u << 20) /* References between two calls for progress. */
#define NEVER UINT32_MAX

/* -- The best possible: the page that is needed last goes -------------------------------------- */

/* The pages in memory, the one that is needed last at the top of a heap: heap[i] is needed no sooner than
   heap[2i+1] and heap[2i+2]. */
struct opt {
  uint32_t *next_use; /* By page: the number of the reference, or NEVER. */
  uint32_t *place;    /* By page: where it stands in the heap, or NEVER. */
  uint32_t *heap;     /* Pages. */
  uint32_t count;
  uint8_t *dirty; /* By page. */
};

/* Puts PAGE at AT of the heap. */
static void put(struct opt *opt, uint32_t at, uint32_t page) {
  opt->heap[at] = page;
  opt->place[page] = at;
}

/* PAGE, at AT, is needed later than before: it rises. */
static void rise(struct opt *opt, uint32_t at, uint32_t page) {
  while (at > 0 && opt->next_use[opt->heap[(at - 1) / 2]] < opt->next_use[page]) {
    put(opt, at, opt->heap[(at - 1) / 2]);
    at = (at - 1) / 2;
  }
  put(opt, at, page);
}

/* PAGE takes the top, and sinks to where it belongs. */
static void sink(struct opt *opt, uint32_t page) {
  uint32_t at = 0, child;
  while ((child = 2 * at + 1) < opt->count) {
    if (child + 1 < opt->count &&
        opt->next_use[opt->heap[child + 1]] > opt->next_use[opt->heap[child]])
      child++;
    if (opt->next_use[opt->heap[child]] <= opt->next_use[page]) break;
    put(opt, at, opt->heap[child]);
    at = child;
  }
  put(opt, at, page);
}

/* For each reference of TRACE the number of the next to the same page, or NEVER. */
static uint32_t *find_next_uses(const struct trace *trace) {
  uint32_t *next = must_alloc(trace->count, sizeof *next);
  uint32_t *seen = must_alloc(trace->pages, sizeof *seen);
  memset(seen, 0xff, trace->pages * sizeof *seen);
  for (size_t i = trace->count; i-- > 0;) {
    uint32_t page = trace->references[i] & ~REFERENCE_WRITE;
    next[i] = seen[page];
    seen[page] = (uint32_t)i;
  }
  free(seen);
  return next;
}

/* PAGE, not in memory, is needed again at its next_use. */
static void opt_fault(struct opt *opt, uint32_t page, frameno_t frames, struct result *result) {
  result->faults++;
  if (opt->count < frames) {
    opt->count++;
    rise(opt, opt->count - 1, page);
    return;
  }
  uint32_t victim = opt->heap[0];
  opt->place[victim] = NEVER;
  result->write_backs += opt->dirty[victim];
  opt->dirty[victim] = 0;
  sink(opt, page);
}

/* Replays TRACE in FRAMES frames. */
struct result replay_opt(const struct trace *trace, frameno_t frames, progress_fn *progress) {
  struct result result = {.faults = 0};
  struct opt opt = {.count = 0};
  uint32_t *next = find_next_uses(trace);
  opt.next_use = must_alloc(trace->pages, sizeof *opt.next_use);
  opt.place = must_alloc(trace->pages, sizeof *opt.place);
  opt.heap = must_alloc(frames, sizeof *opt.heap);
  opt.dirty = must_alloc(trace->pages, 1);
  memset(opt.place, 0xff, trace->pages * sizeof *opt.place);
  for (size_t i = 0; i < trace->count; i++) {
    uint32_t page = trace->references[i] & ~REFERENCE_WRITE;
    opt.next_use[page] = next[i];
    if (opt.place[page] != NEVER)
      rise(&opt, opt.place[page], page);
    else
      opt_fault(&opt, page, frames, &result);
    if (trace->references[i] & REFERENCE_WRITE) opt.dirty[page] = 1;
    if ((i + 1) % PIECE == 0) progress((double)i / (double)trace->count);
  }
  progress(1);
  free(next);
  free(opt.next_use);
  free(opt.place);
  free(opt.heap);
  free(opt.dirty);
  return result;
}

/* -- Exact LRU: the page that was used least recently goes ------------------------------------- */

/* The pages in memory, in the order of their last use.  Place TRACE->pages is before the first and behind
   the last. */
struct lru {
  uint32_t *older, *newer; /* By page; older is NEVER: not in memory. */
  uint8_t *dirty;
  uint32_t end;
  frameno_t used;
};

/* Takes PAGE out of the order. */
static void lru_unlink(struct lru *lru, uint32_t page) {
  lru->newer[lru->older[page]] = lru->newer[page];
  lru->older[lru->newer[page]] = lru->older[page];
}

/* Makes PAGE the newest. */
static void lru_link(struct lru *lru, uint32_t page) {
  uint32_t newest = lru->older[lru->end];
  lru->older[page] = newest;
  lru->newer[page] = lru->end;
  lru->newer[newest] = page;
  lru->older[lru->end] = page;
}

/* PAGE, not in memory, is used. */
static void lru_fault(struct lru *lru, uint32_t page, frameno_t frames, struct result *result) {
  result->faults++;
  if (lru->used == frames) {
    uint32_t victim = lru->newer[lru->end];
    lru_unlink(lru, victim);
    lru->older[victim] = NEVER;
    result->write_backs += lru->dirty[victim];
    lru->dirty[victim] = 0;
  } else {
    lru->used++;
  }
  lru_link(lru, page);
}

/* Replays TRACE in FRAMES frames. */
struct result replay_lru(const struct trace *trace, frameno_t frames, progress_fn *progress) {
  struct result result = {.faults = 0};
  struct lru lru = {.end = trace->pages};
  lru.older = must_alloc(trace->pages + 1, sizeof *lru.older);
  lru.newer = must_alloc(trace->pages + 1, sizeof *lru.newer);
  lru.dirty = must_alloc(trace->pages, 1);
  memset(lru.older, 0xff, trace->pages * sizeof *lru.older);
  lru.older[lru.end] = lru.newer[lru.end] = lru.end;
  for (size_t i = 0; i < trace->count; i++) {
    uint32_t page = trace->references[i] & ~REFERENCE_WRITE;
    if (lru.older[page] == NEVER) {
      lru_fault(&lru, page, frames, &result);
    } else {
      lru_unlink(&lru, page);
      lru_link(&lru, page);
    }
    if (trace->references[i] & REFERENCE_WRITE) lru.dirty[page] = 1;
    if ((i + 1) % PIECE == 0) progress((double)i / (double)trace->count);
  }
  progress(1);
  free(lru.older);
  free(lru.newer);
  free(lru.dirty);
  return result;
}
