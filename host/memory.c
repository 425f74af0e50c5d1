/* Memory of the simulated machine: frames, and the kernel's own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "host/machine.h"
#include "host/threads.h"
#include "lib/list.h"
#include "vm/port.h"

/* What fresh frames hold, so that a page that was not filled shows. */
#define JUNK 0xa5

/* Before each block handed out, so that the machine can free what is left at its end. */
struct block_header {
  struct list_node node;
};

static uint8_t *frames;
static struct list blocks;
static size_t block_count;

/* SIZE bytes of the host's memory, all zeroes; free() gives them back.  Ends the program if there are none: what fails
   on purpose fails before this is asked. */
void *host_alloc(size_t size) {
  void *memory = calloc(1, size);
  if (memory == NULL && size > 0) {
    fprintf(stderr, "the host has no %zu bytes for the simulated machine\n", size);
    exit(1);
  }
  return memory;
}

/* Gives the machine COUNT frames, and the zero frame. */
void memory_init(frameno_t count) {
  frames = host_alloc((count + 1) * VM_PAGE_SIZE);
  memset(frames, JUNK, (count + 1) * VM_PAGE_SIZE);
  list_init(&blocks);
  block_count = 0;
}

/* Frees all of it, kernel memory that is left included. */
void memory_finish(void) {
  struct list_node *node;
  while ((node = list_first(&blocks)) != NULL) port_free((struct block_header *)node + 1);
  free(frames);
}

/* Blocks in use. */
size_t machine_blocks(void) {
  return block_count;
}

/* CHANGE page tables more are in use. */
void memory_count_table(int change) {
  rig_lock();
  block_count += (size_t)change;
  rig_unlock();
}

void *port_alloc(size_t size) {
  if (machine_fails(FAIL_ALLOC)) return NULL;
  struct block_header *header = host_alloc(sizeof *header + size);
  memset(header + 1, JUNK, size);
  rig_lock();
  list_push_back(&blocks, &header->node);
  block_count++;
  rig_unlock();
  return header + 1;
}

/* What can be made, can be made at the first try or later. */
bool port_memory_make(void) {
  return machine_failures.makes_memory && sim_random(4) > 0;
}

/* Memory fails when it is told to, and is low when that is said. */
bool port_memory_is_low(void) {
  return machine_failures.memory_is_low;
}

void port_free(void *block) {
  if (block == NULL) return;
  struct block_header *header = (struct block_header *)block - 1;
  rig_lock();
  block_count--;
  list_remove(&header->node);
  rig_unlock();
  free(header);
}

void *port_frame_memory(frameno_t frameno) {
  ASSERT(frameno <= machine_options.frames);
  return frames + frameno * VM_PAGE_SIZE;
}

void port_zero_page(void *page) {
  memset(page, 0, VM_PAGE_SIZE);
}

void port_copy_page(void *dst, const void *src) {
  memcpy(dst, src, VM_PAGE_SIZE);
}
