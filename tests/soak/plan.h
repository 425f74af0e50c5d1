/* A plan: a machine and a list of operations on it, all of it a function of a seed, and writable as
   text.  Every operation means something in every state, so any part of a list is a list too: that is
   what lets a failing one be shortened. */
#ifndef TESTS_SOAK_PLAN_H
#define TESTS_SOAK_PLAN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum op_kind {
  OP_READ,      /* page, cell, by the kernel? */
  OP_WRITE,     /* page, cell, value, by the kernel? */
  OP_STACK,     /* page, cell, value, bytes that esp lies above it */
  OP_MAP,       /* page, pages, file (FILES: none) and offset in pages * 16, flags */
  OP_MMAP,      /* page, file, may it be written? */
  OP_MUNMAP,    /* page: the mapping that lies there */
  OP_UNMAP,     /* page, pages */
  OP_PROTECT,   /* page, pages, rights */
  OP_FORK,      /* into the place of which process */
  OP_EXIT,      /* - */
  OP_SBRK,      /* bytes + 2^16 */
  OP_FILE_READ, /* file, byte, page or KERNEL_BUFFER, pages */
  OP_FILE_WRITE,
  OP_RECREATE, /* file, bytes */
  OP_SYNC,     /* file */
  OP_VM_SYNC,  /* page, pages */
  OP_LOCK,     /* page, pages */
  OP_UNLOCK,   /* page, pages */
  OP_ADVISE,   /* page, pages, advice */
  OP_EVICT,    /* how often */
  OP_DROP,     /* - */
  OP_RESIDENT, /* page, pages */
  OP_LOOK,     /* page, pages */
  OP_KINDS
};

#define OP_ARGUMENTS 4

struct op {
  uint8_t by; /* Process. */
  uint8_t kind;
  uint32_t argument[OP_ARGUMENTS];
};

/* What may fail besides. */
enum plan_errors { ERRORS_NONE, ERRORS_MEMORY, ERRORS_SWAP, ERRORS_FILE, ERRORS_ALL, ERRORS_KINDS };

struct plan {
  uint32_t processes, frames, slots, latency, stress, errors;
  uint32_t blocks;   /* Bytes in a block of a file. */
  uint64_t schedule; /* Seed of all that is not an operation. */
  uint32_t keep;     /* 1: -swap-keep. */
  uint32_t count;
  struct op *ops;
};

/* What OP_MAP's flags are made of, besides the rights in the lowest bits. */
enum { MAP_OP_SHARED = 8, MAP_OP_FIXED = 16, MAP_OP_READ_ONLY = 32 };
/* OP_FILE_*: kernel memory instead of a page. */
#define KERNEL_BUFFER 0xffffu

/* The plan of SEED with COUNT operations; plan_free() frees it. */
struct plan plan_of_seed(uint64_t seed, uint32_t count);
void plan_free(struct plan *plan);
/* As text, and back; false with a message on standard error if FILE does not hold a plan. */
void plan_print(const struct plan *plan, FILE *file);
bool plan_parse(struct plan *plan, FILE *file);

#endif
