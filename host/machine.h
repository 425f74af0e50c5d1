/* The simulated machine: frames, page tables with accessed and dirty bits, a swap disk and files
   whose requests take time, overtake each other and fail on demand.

   - machine_init() starts a fresh one and calls vm_init().
   - machine_touch() is what a processor does with a load or a store.
   - machine.fail_* make the N-th call of a kind fail, once or from then on. */
#ifndef HOST_MACHINE_H
#define HOST_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include "vm/addrspace.h"
#include "vm/fault.h"
#include "vm/store.h"
#include "vm/types.h"

/* A kind of call that can be made to fail. */
enum fail_kind {
  FAIL_ALLOC,
  FAIL_SWAP_READ,
  FAIL_SWAP_WRITE,
  FAIL_FILE_READ,
  FAIL_FILE_WRITE,
  FAIL_RESERVE,
  FAIL_KINDS
};

struct machine_options {
  uint64_t seed;
  frameno_t frames;
  slot_t slots;
  unsigned latency; /* Longest delay of a request, in switches. */
  const char *policy;
};

struct machine_failures {
  uint64_t calls[FAIL_KINDS];   /* Counted so far. */
  uint64_t fail_at[FAIL_KINDS]; /* The call that fails, from 1; 0: none. */
  bool forever;                 /* And all after it. */
};

extern struct machine_failures machine_failures;

/* Bytes and blocks that port_alloc() has handed out and not got back. */
extern size_t machine_blocks;

void machine_init(const struct machine_options *options);
/* Gives back what vm_init() took, so that leaks show. */
void machine_finish(void);

/* A file: its content on disk and the store before it. */
struct sim_file {
  struct store store;
  uint8_t *disk;
  uint32_t capacity; /* Bytes of DISK. */
  unsigned users;
  bool hole; /* Page 0 has no block yet: reads as zeroes, and gets a block of old content. */
};

struct sim_file *file_create(uint32_t length, uint32_t capacity);
void file_destroy(struct sim_file *file);

/* Reads or writes the byte at ADDRESS of AS as a processor would, with all faults; VM_OK or why
   the process would be killed. */
int machine_touch(struct addrspace *as, uaddr_t address, enum vm_access access, uint8_t *byte);
/* Makes AS the one whose addresses port_copy_* mean. */
void machine_activate(struct addrspace *as);

#endif
