/* Files for workloads whose disk loses its power (tests/cuts): their content tells whose it is, and
   marks on the disk tell what must be there.

   - Every word of a file holds the file's number, its generation and its place (marked_word), so
     that what belongs to somebody else, or is too old, is recognised.  A file's name ends with its
     number; no number is used twice.
   - A mark is a sector of the file "marks", of which each process has a page of its own.  It is on
     disk before mark() returns: among the writes of the disk it stands where the program stands.
       synced NAME OFFSET SIZE GENERATION   these bytes are safe, in this generation or a later one
       removing NAME                        from now on they need not be */
#ifndef TESTS_GUEST_LIB_MARKED_H
#define TESTS_GUEST_LIB_MARKED_H

#include <stdint.h>
#include "tests/guest/lib/memory.h"

#define MARKED_NAME_SIZE 128

struct marked_file {
  unsigned number; /* 1 to 4095. */
  unsigned size;
  unsigned generation; /* 1 to 63. */
  int fd;
  char name[MARKED_NAME_SIZE];
};

/* The word at place INDEX of file NUMBER. */
static inline uint32_t marked_word(unsigned number, unsigned generation, unsigned index) {
  return number << 20 | generation << 14 | (index & 0x3fff);
}

/* Opens "marks"; from now on this process's page is page PROCESS, and its files' numbers follow
   PROCESS * 1000. */
void marked_begin(unsigned process);
void mark(const char *format, ...) PRINTF_FORMAT(1, 2);

/* Makes FILE, empty or a hole of SIZE bytes, in FOLDER (with its slash), and opens it. */
void marked_make(struct marked_file *file, const char *folder, unsigned size);
/* Fills SIZE bytes at MEMORY, or in the file by write(), with what belongs at OFFSET. */
void marked_fill(const struct marked_file *file, void *memory, unsigned offset, unsigned size);
void marked_write(struct marked_file *file, unsigned offset, unsigned size);
/* Writes SIZE more bytes at its end. */
void marked_grow(struct marked_file *file, unsigned size);
/* fsync(), and the mark for SIZE bytes at OFFSET. */
void marked_sync(const struct marked_file *file, unsigned offset, unsigned size);
/* Closes and removes it. */
void marked_remove(const struct marked_file *file);

#endif
