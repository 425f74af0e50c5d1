/* The simulator: page references of a program, replayed in so many frames under a policy.

   The policies are the kernel's own files.  What they ask of their surroundings is answered by replay.c. */
#ifndef HOST_SIM_H
#define HOST_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "vm/policy.h"

#define REFERENCE_WRITE 0x80000000u /* In a reference: the page is written to. */

/* The references of a run, in order.  Pages are numbered from 0. */
struct trace {
  char *name;            /* Of the file, without folder and endings. */
  uint32_t pages;        /* That occur, or that the file says there are. */
  uint32_t least_frames; /* In fewer frames the file is not exact; 0 if it always is. */
  size_t count;
  uint32_t *references; /* A page's number, and REFERENCE_WRITE. */
};

/* Reads PATH: format PGT1 (docs/policies.md), or a page number a line; packed by xz if it begins like that.
   If it cannot be used a line on stderr says why, and the result is false. */
bool trace_read(struct trace *trace, const char *path);
void trace_free(struct trace *trace);
/* Writes TRACE to PATH in format PGT1, without ticks; if that cannot be a line on stderr says why. */
bool trace_write(const struct trace *trace, const char *path);

/* What a replay cost. */
struct result {
  uint64_t faults;      /* First touches included. */
  uint64_t write_backs; /* Evictions of pages that were written to. */
  uint64_t tests;       /* Of accessed bits. */
};

/* Told how far a replay is, from 0 to 1, now and then. */
typedef void progress_fn(double part);

/* Frames that the guest's program `replay' has for itself, its own pages and one of the trace's file; bench/replay
   gives it as many. */
#define REPLAY_FRAMES 12u

/* Under what a trace is replayed.  With FILTER the accessed bits of pages that came eight faults ago are
   cleared, whether the policy does so itself or not.  AS_KERNEL: as the guest's program `replay' finds the kernel's
   memory: it has REPLAY_FRAMES more that never go, through one of which the trace's file is read; and every page is
   dirty, since its slot is given up when it comes back. */
struct setting {
  frameno_t frames;
  const struct policy *policy;
  bool filter, as_kernel;
};
struct result replay(const struct trace *trace, const struct setting *setting,
                     progress_fn *progress);
/* Replays TRACE in FRAMES frames by what no kernel can know: the page that is needed last goes (Belady), and the one that was
   used least recently goes. */
struct result replay_opt(const struct trace *trace, frameno_t frames, progress_fn *progress);
struct result replay_lru(const struct trace *trace, frameno_t frames, progress_fn *progress);

/* What is compared: rows are traces in so many frames, columns are policies. */
struct cell {
  const struct trace *trace;
  frameno_t frames;
  const char *policy;
  struct result result;
  uint64_t optimum; /* Faults of the best possible; 0: not known. */
};
/* A picture of the miss ratios in CELLS over the frames, a curve for each policy of one trace, to PATH. */
bool svg_write(const char *path, const struct cell *cells, size_t count);

/* MEMORY, COUNT records of SIZE bytes: all zero; ends the program with a line if there is none. */
void *must_alloc(size_t count, size_t size);

#endif
