/* Files of the simulated machine: a store in front of bytes "on disk", in blocks of a page or less that
   are there or not.  What has no block reads as zeroes; a block that is given holds what somebody left
   there. */
#ifndef HOST_FILE_H
#define HOST_FILE_H

#include <stdbool.h>
#include "vm/port.h"
#include "vm/store.h"

struct sim_file {
  struct store store;
  struct port_lock inode; /* Held while blocks are given and the length grows. */
  uint8_t *disk;
  bool *has_block; /* For each block. */
  uint32_t block_size;
  uint32_t capacity;
  unsigned users; /* Mappings. */
};

/* A file of LENGTH bytes, all blocks there and zero, that may grow to CAPACITY. */
struct sim_file *file_create(uint32_t length, uint32_t capacity);
/* Ends FILE, which nobody maps; what is cached is dropped unwritten. */
void file_destroy(struct sim_file *file);
/* Takes the blocks of page INDEX away: it is a hole.  Before FILE is used. */
void file_make_hole(struct sim_file *file, pindex_t index);
/* The byte at OFFSET as FILE has it on its disk. */
uint8_t file_disk_byte(const struct sim_file *file, uint32_t offset);
/* Whether all that somebody may write to without a fault, and that lies in FILE, has blocks. */
bool file_is_reserved(struct sim_file *file);

#endif
