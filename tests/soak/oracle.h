/* The oracle: what must stand at every address and in every file, as flat arrays.

   Of each page it follows CELLS bytes.  What only one process can change is known exactly.  What
   several share is a history of writes, each with the time it began and ended: a read must return a
   value that no write has replaced which began after that value's had ended, and ended before the
   read began. */
#ifndef TESTS_SOAK_ORACLE_H
#define TESTS_SOAK_ORACLE_H

#include <stdbool.h>
#include <stdint.h>
#include "host/file.h"
#include "host/machine.h"

#define CELLS 8

/* The pages of a process that the test uses, numbered through: its heap, two windows for mappings (the
   second is where a search for room starts), its stack. */
#define HEAP_PAGES     64u
#define MAP_PAGES      256u
#define STACK_PAGES    64u
#define PAGES          (HEAP_PAGES + MAP_PAGES + STACK_PAGES)

#define FILES          5u
#define FILE_PAGES     24u
#define FILE_BYTES_MAX (FILE_PAGES * VM_PAGE_SIZE)
#define STACK_LIMIT    (48u * VM_PAGE_SIZE)
#define SLOTS_PLENTY   2400u

/* A write to a cell of an object. */
struct write {
  uint64_t start, end; /* end 0: not ended yet. */
  uint8_t value;
  bool wild;  /* The value is not known. */
  bool maybe; /* It may not have happened. */
};

#define HISTORY 6
struct history {
  struct write writes[HISTORY]; /* The newest first. */
  uint64_t forgotten;           /* When the last was dropped from the end. */
  bool anything;                /* One was dropped that might still be seen. */
};

/* Writes to a page of an object, whichever bytes they change: how many are at work, and when the last
   ended. */
struct traffic {
  unsigned writers;
  uint64_t ended;
};

/* Content that several may share: a file, or shared memory without one. */
struct object {
  struct sim_file *file; /* NULL: none. */
  unsigned users;        /* Pages of spaces, and operations at work on it. */
  uint32_t length;       /* Of a file: what it has for sure. */
  uint32_t length_max;   /* And what it may have. */
  uint32_t pages;
  struct history (*cells)[CELLS];
  struct traffic *traffic;
};

/* A page of a space. */
struct opage {
  bool mapped, shared, read_only, locked;
  bool own; /* Its content is in value. */
  uint8_t prot;
  uint8_t known; /* Bit i: value[i] is known. */
  uint8_t value[CELLS];
  int mapping;           /* The id that mmap gave. */
  struct object *object; /* NULL: zeroes. */
  uint32_t index;        /* Page of the object. */
};

/* One address space. */
struct space {
  struct addrspace *as;
  uint32_t heap;      /* Bytes. */
  uint32_t heap_used; /* Bytes, with those behind `heap' that it had before, in the same page. */
  struct opage pages[PAGES];
};

/* The operation that runs, from its beginning to now. */
struct window {
  uint64_t start, end;
};

extern struct object *oracle_files[FILES];

/* All below is called with the rig's lock held. */

/* A new moment. */
uint64_t oracle_now(void);
void oracle_init(void);
/* Where cell CELL lies in its page. */
uint32_t cell_offset(unsigned cell);
/* Which page of user space page PAGE is, and back (PAGES: none). */
vpn_t page_vpn(unsigned page);
uaddr_t page_address(unsigned page);

struct object *object_create(uint32_t pages);
void object_put(struct object *object);
/* Somebody begins to write to page INDEX of OBJECT (NULL: to nothing shared), or has ended. */
void traffic_begin(struct object *object, uint32_t index);
void traffic_end(struct object *object, uint32_t index);
/* Whether nobody wrote to that page at any time since FROM. */
bool traffic_rests(const struct object *object, uint32_t index, uint64_t from);
/* A write of VALUE to a cell begins; what write_end() takes. */
struct history *write_begin(struct object *object, uint32_t index, unsigned cell, uint8_t value);
/* It has ended; or failed, and may or may not have happened. */
void write_end(struct history *history, uint64_t start, bool happened);
/* Whether VALUE may be read from a cell in window W. */
bool history_allows(const struct history *history, uint8_t value, const struct window *w);
/* Prints the writes that HISTORY knows. */
void history_print(const struct history *history);
/* The only value that may be read; -1: several. */
int history_value(const struct history *history, const struct window *w);

/* Whether VALUE may be read from cell CELL of PAGE in W. */
bool page_allows(const struct opage *page, unsigned cell, uint8_t value, const struct window *w);
/* Whether PAGE, shared, may lie wholly beyond the end of its file; and whether that may be over. */
bool page_is_beyond(const struct opage *page);
bool page_may_have_come(const struct opage *page);
/* The page becomes its process's own, with the content it has in W. */
void page_own(struct opage *page, const struct window *w);
/* PAGE may have become its process's own or not: what it holds is not known. */
void page_doubt(struct opage *page);
/* What PAGE holds in CELL; -1 if that is not sure. */
int page_value(const struct opage *page, unsigned cell, const struct window *w);
/* Takes PAGE away. */
void page_clear(struct opage *page);
/* Gives CHILD what PARENT has. */
void space_copy(struct space *child, const struct space *parent);
void space_clear(struct space *space);

#endif
