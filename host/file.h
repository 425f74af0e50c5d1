/* Files of the simulated machine: a store in front of bytes "on disk", page by page with or without a
   block.  A page without a block reads as zeroes; a block that it gets holds what somebody left there. */
#ifndef HOST_FILE_H
#define HOST_FILE_H

#include <stdbool.h>
#include "vm/port.h"
#include "vm/store.h"

struct sim_file {
  struct store store;
  struct port_lock inode; /* Held while blocks are given and the length grows. */
  uint8_t *disk;
  bool *has_block; /* For each page. */
  uint32_t capacity;
  unsigned users; /* Mappings. */
};

/* A file of LENGTH bytes, all blocks there and zero, that may grow to CAPACITY. */
struct sim_file *file_create(uint32_t length, uint32_t capacity);
/* Ends FILE, which nobody maps; what is cached is dropped unwritten. */
void file_destroy(struct sim_file *file);
/* Takes the block of page INDEX away: it is a hole.  Before FILE is used. */
void file_make_hole(struct sim_file *file, pindex_t index);

#endif
