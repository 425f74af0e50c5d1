/* What a process's memory is made of, for people: its regions, and what stands in them.

   The address space may be in use, and must not end meanwhile: its own lock is not needed.  All take the VM lock, for
   a bounded number of entries at a time, so that each page is counted as it is when its turn comes. */
#ifndef VM_USAGE_H
#define VM_USAGE_H

#include <stdbool.h>
#include "vm/types.h"

struct addrspace;

struct vm_region_facts {
  uaddr_t start, end; /* Bytes [start, end). */
  uint8_t prot;       /* enum vm_prot bits; */
  uint8_t kind;       /* an enum region_kind (vm/region.h). */
  bool shared;        /* Writes are seen by others. */
  uint32_t file;      /* The number of the file that it shows, 0: none; */
  uint32_t offset;    /* from this byte on. */
};

/* The region of AS at address FROM or the first behind it; false if there is none. */
bool vm_region_facts(struct addrspace *as, uaddr_t from, struct vm_region_facts *facts);

/* So many that map a page share it evenly; what more there are is not seen. */
#define USAGE_SHARERS_MAX 64

/* Pages, by where they are now.  Those that nobody wrote to and that no file has are none: one frame of zeroes stands
   for all of them. */
struct vm_usage {
  uint32_t mapped; /* In frames, and in the page table.  Of these, */
  uint32_t shared_clean, shared_dirty, private_clean,
      private_dirty;                   /* who maps them, and whether they must be written; */
  uint32_t of_files, of_shared_memory; /* whose they are: all others are the process's own; */
  uint32_t locked;                     /* kept there by vm_lock(). */
  uint32_t swapped;                    /* In slots, and not in frames. */
  /* Bytes: a page divided by how many map it, and all of those, the dirty ones, and what lies in slots. */
  uint32_t share, dirty_share, swap_share;
};

/* Counts what stands in [START, END) of AS, whole pages. */
void vm_count_usage(struct addrspace *as, uaddr_t start, uaddr_t end, struct vm_usage *usage);

#endif
