/* The kernel on the host, for fuzzing: all of vm/, fs/ and proc/ as it is, over the simulated machine
   of host/.  Threads are its coroutines, memory is the host's, the disk is an image in memory.

   system_start(), then calls of the kernel, system_finish(); then all over again.  What is called from
   outside of system_run() is a single thread that cannot sleep; only by system_run() are there more, and
   user memory. */
#ifndef TESTS_FUZZ_KERNEL_H
#define TESTS_FUZZ_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "dev/block.h"
#include "lib/debug.h"

struct trap_frame;

/* A file system that mke2fs made. */
struct image {
  const uint8_t *bytes;
  uint32_t size;
};

extern const struct image images[];
extern const unsigned image_count;

struct kernel_options {
  uint32_t seed;             /* Of the order in which threads run. */
  uint32_t frames, slots;    /* Of the user pool, of swap; 0: a few. */
  const struct image *image; /* NULL: an empty disk. */
  const char *command_line;  /* NULL: none. */
  bool command_line_is_cut;  /* The loader's was longer. */
};

/* A fresh machine: nothing is mounted, nothing runs. */
void system_start(const struct kernel_options *options);
/* Runs FUNCTION(AUX) as a kernel thread, until it and all threads it made have ended. */
void system_run(void (*function)(void *), void *aux);
/* Unmounts; nothing may be left in memory then, and every invariant of the VM must hold. */
void system_finish(void);

/* Counts one step of work: a lock taken, a request to the disk.  More than an input can ask for are a
   loop. */
void kernel_step(void);

/* The disk that holds the file system. */
struct kernel_disk {
  uint8_t *bytes;
  struct block block;
  uint32_t writes;     /* Requests. */
  uint32_t fail_after; /* The request that fails, counted from now on; 0: none. */
};
extern struct kernel_disk kernel_disk;

/* Memory: the allocation that fails, counted from now on; 0: none. */
extern uint32_t kernel_alloc_fails_after;
void kernel_memory_start(void);
size_t kernel_memory_blocks(void); /* In use. */

/* What a program does once it runs: called in its thread, which ends when it returns. */
extern void (*kernel_program)(struct trap_frame *frame);
/* Raises interrupt VECTOR with FRAME. */
void kernel_trap(unsigned vector, struct trap_frame *frame);
/* The status that the machine was ended with, or -1: it was not. */
extern int kernel_exit_status;

/* For system_start(): a fresh disk, and what the loader tells.  OPTIONS stay. */
void machine_start(const struct kernel_options *options);

/* An input, to be taken apart: zeroes follow its end. */
struct input {
  const uint8_t *bytes;
  size_t left;
};
uint8_t input_byte(struct input *input);
uint32_t input_word(struct input *input); /* Four bytes, little-endian. */

/* Known to the sanitizers and to libFuzzer. */
const char *__asan_default_options(void);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
