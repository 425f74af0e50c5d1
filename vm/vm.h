/* The VM as a whole: starting it, its options, its counters, and the check of all invariants. */
#ifndef VM_VM_H
#define VM_VM_H

#include <stdbool.h>
#include "vm/addrspace.h"
#include "vm/types.h"

struct vm_options {
  frameno_t frames;     /* Frames in the user pool. */
  uint32_t stack_limit; /* Bytes a stack may grow to, unless set per process. */
  bool panic_on_oom;    /* -oom=panic. */
  const char *policy;   /* Name of the replacement policy; NULL for the default. */
  uint32_t stress_seed; /* -vm-stress; 0: none. */
  uint32_t check_every; /* -vm-check: evictions between two checks of all invariants; 0: never. */
  bool explain;         /* -explain: a line in plain words when a process is killed. */
};

extern struct vm_options vm_options;

/* System-wide figures; all but the counts "now" only grow. */
struct vm_stats {
  struct vm_counters totals;
  uint32_t frames_total, frames_free;          /* Now. */
  uint32_t frames_pinned, frames_dirty;        /* Now; dirty as far as known. */
  uint32_t frames_kernel;                      /* Borrowed by the kernel now. */
  uint32_t slots_total, slots_used, slots_bad; /* Now. */
  uint32_t pages_cached;                       /* Pages of files in frames now. */
  uint64_t swap_reads, swap_writes;            /* Pages. */
  uint64_t swap_read_requests, swap_write_requests;
  uint64_t file_reads, file_writes; /* Pages. */
  uint64_t file_read_requests, file_write_requests;
  uint64_t evictions_clean, evictions_dirty;
  uint64_t scans; /* Frames the policy looked at to find its victims. */
};

/* Pages that exist now, page_zero not counted.  VM lock. */
extern uint32_t vm_pages_live;
/* Totals over all processes, ended ones included.  VM lock. */
extern struct vm_stats vm_stats;

/* All address spaces and all stores there are.  VM lock. */
extern struct list vm_addrspaces, vm_stores;

/* Sets up frames and slots; false if there is not enough kernel memory. */
bool vm_init(const struct vm_options *options);
void vm_get_stats(struct vm_stats *stats);

/* Drops every page of the cache that can be dropped without I/O and that nobody maps. */
void vm_drop_clean(void);

/* Checks every invariant of vm/README.md; NULL if all hold, else the name of the broken one.
   Takes the VM lock; no fault or I/O of the VM is lost by it. */
const char *vm_check(void);
/* The same with the VM lock held; panics if an invariant is broken. */
void vm_check_locked(void);

#endif
