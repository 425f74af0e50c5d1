/* The simulated machine: frames, page tables with accessed and dirty bits, a swap disk and files
   whose requests take time, overtake each other and fail on demand.

   - machine_init() starts a fresh one and calls vm_init(); machine_finish() ends it.
   - machine_touch() is what a processor does with a load or a store.
   - machine_failures says what is to fail.

   memory.c has frames and kernel memory, pmap.c page tables and the processor, disk.c requests and
   swap, file.c files, and threads.h names who answers for threads and locks. */
#ifndef HOST_MACHINE_H
#define HOST_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include "vm/addrspace.h"
#include "vm/fault.h"
#include "vm/types.h"

/* A kind of call that can be made to fail. */
enum fail_kind {
  FAIL_ALLOC, /* Kernel memory, page tables. */
  FAIL_SWAP_READ,
  FAIL_SWAP_WRITE,
  FAIL_FILE_READ,
  FAIL_FILE_WRITE,
  FAIL_RESERVE, /* No block for a page of a file. */
  FAIL_KINDS
};

struct machine_options {
  uint64_t seed;
  frameno_t frames;
  slot_t slots;
  slot_t second_slots;  /* Of these, the last so many are a device of their own, */
  bool striped;         /* of the same priority as the first, or of a lower one. */
  unsigned latency;     /* Longest delay of a request, in switches; 0: none. */
  uint32_t stack_limit; /* Bytes; 0: 1 MiB. */
  uint32_t stress;      /* Seed of the VM's own stress mode; 0: off. */
  uint32_t block_size;  /* Of files; 0: a page. */
  bool swap_keep;       /* -swap-keep. */
  const char *policy;
};

struct machine_failures {
  uint64_t calls[FAIL_KINDS];        /* Counted so far. */
  uint64_t fail_at[FAIL_KINDS];      /* The call that fails, from 1; 0: none. */
  bool forever;                      /* And all after it. */
  unsigned per_thousand[FAIL_KINDS]; /* So many fail, by the seed. */
  bool memory_is_low;                /* What port_memory_is_low() says. */
  bool makes_memory;                 /* Whether port_memory_make() may find some. */
  const void *failed_for; /* Whose thread made the last call that failed: its address space. */
};

extern struct machine_options machine_options;
extern struct machine_failures machine_failures;

/* At the start of a program: the same seed is the same run, addresses included, by which pages are
   sorted. */
void machine_fix_addresses(char **argv);

void machine_init(const struct machine_options *wanted);
/* Gives back what vm_init() took. */
void machine_finish(void);

/* Counts a call of KIND; whether it is to fail. */
bool machine_fails(enum fail_kind kind);

/* Blocks that port_alloc() and page tables have taken and not given back. */
size_t machine_blocks(void);

/* Reads or writes *BYTE at ADDRESS of AS as a processor would, with all faults; VM_OK or why the
   process would be killed. */
int machine_touch(struct addrspace *as, uaddr_t address, enum vm_access access, uint8_t *byte);
/* Makes AS the one whose addresses port_copy_* mean in the running thread. */
void machine_activate(struct addrspace *as);

/* For the parts of the machine. */
void *
host_alloc(size_t size); /* SIZE bytes of the host's memory, zeroes; free() gives them back. */
void memory_init(frameno_t frames);
void memory_finish(void);
void memory_count_table(int change); /* A page table more or fewer. */
void disk_init(slot_t slots);
void disk_finish(void);
/* A request of a device: takes its time, in which others run. */
void disk_delay(void);

#endif
