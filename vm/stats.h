/* What is known of the VM as a whole: its options, its counters, and the lists of all that there is. */
#ifndef VM_STATS_H
#define VM_STATS_H

#include <stdbool.h>
#include "lib/list.h"
#include "vm/types.h"

/* What a fault needed. */
enum fault_kind {
  FAULT_CACHED, /* Nothing: the page was in a frame already. */
  FAULT_ZERO,   /* A fresh page of zeroes. */
  FAULT_FILE,   /* A page read from a file. */
  FAULT_SWAP,   /* A page read from swap. */
  FAULT_COW,    /* A private copy. */
  FAULT_ERROR,  /* It could not be resolved. */
  FAULT_KINDS
};

/* Counted per process and in total. */
struct vm_counters {
  uint32_t faults_of[FAULT_KINDS];
  uint32_t faults_stack; /* Those of them at which the stack grew. */
  uint32_t resident;     /* Pages mapped now. */
  uint32_t swapped;      /* Pages in slots now; with -swap-keep some of them are mapped as well. */
};

/* All faults that COUNTERS have. */
static inline uint32_t vm_count_faults(const struct vm_counters *counters) {
  uint32_t faults = 0;
  for (unsigned kind = 0; kind < FAULT_KINDS; kind++) faults += counters->faults_of[kind];
  return faults;
}

struct vm_options {
  frameno_t frames;     /* Frames in the user pool. */
  uint32_t stack_limit; /* Bytes a stack may grow to, unless set per process. */
  const char *policy;   /* Name of the replacement policy; NULL for the default. */
  uint32_t stress_seed; /* -vm-stress; 0: none. */
  uint32_t check_every; /* -vm-check: evictions between two checks of all invariants; 0: never. */
  bool explain;         /* -explain: a line in plain words when a process is killed. */
  bool asserts_off;     /* -asserts=off: page_assert() does nothing. */
  uint32_t cluster;     /* -cluster: pages of one request at most; 0: as many as suit. */
  bool readahead_off;   /* -readahead=off: only what was asked for is read. */
  bool reserve_off;     /* -reserve=off: frames are freed only when one is needed. */
  bool zero_ahead_off;  /* -zero-ahead=off: pages are zeroed only when one is needed. */
  bool swap_keep; /* -swap-keep: a page that is read back keeps its slot until it is written. */
};

extern struct vm_options vm_options;

struct policy;

/* System-wide figures; all but the counts "now" only grow. */
struct vm_stats {
  struct vm_counters totals;
  uint32_t frames_total, frames_free;   /* Now. */
  uint32_t frames_pinned, frames_dirty; /* Now; dirty as far as known. */
  uint32_t frames_kernel;               /* Borrowed by the kernel now. */
  /* Now, of files: mapped by somebody; dirty, as far as known; and those without a file that several may map. */
  uint32_t frames_mapped, frames_unsynced, frames_shared;
  uint32_t frames_locked;                      /* Now, by vm_lock(). */
  uint32_t frames_slots;                       /* Now: those whose page has kept its slot. */
  uint32_t slots_total, slots_used, slots_bad; /* Now. */
  uint32_t pages_cached;                       /* Pages of files in frames now. */
  uint64_t swap_reads, swap_writes;            /* Pages. */
  uint64_t swap_read_requests, swap_write_requests;
  uint64_t file_reads, file_writes; /* Pages. */
  uint64_t file_read_requests, file_write_requests;
  uint64_t evictions_clean, evictions_dirty;
  const struct policy *policy; /* Which is in use. */
  uint64_t scans;              /* Frames the policy looked at to find its victims. */
};

/* Pages that exist now, page_zero not counted.  VM lock. */
extern uint32_t vm_pages_live;
/* Totals over all processes, ended ones included.  VM lock. */
extern struct vm_stats vm_stats;

/* Whether somebody looks at faults: who has turns (vm/turn.h), or who records events.  VM lock. */
extern bool vm_faults_watched;

/* All address spaces and all stores there are.  VM lock. */
extern struct list vm_addrspaces, vm_stores;

#endif
