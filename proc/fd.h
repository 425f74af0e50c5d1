/* Open files, and the table of a process that gives them small numbers.

   - fd_table_create(), fd_open() makes an open file of a node; fd_lookup(), fd_close().
   - What differs between files on disk and others is in their nodes' operations (fs/node.h).
   - A struct file may stand in several tables; the last to close it lets go of its node.
   - Whoever reads or moves the position holds the file's lock for the whole of its call, so that the
     calls of all processes that share the file come one after another.  A mark (mark.h) breaks a wait for it off: its holder
     may be the one who waits for the marked process to end (shortage.h). */
#ifndef PROC_FD_H
#define PROC_FD_H

#include <stdint.h>
#include "kern/sync.h"

struct node;

#define FD_CONSOLE_IN  0
#define FD_CONSOLE_OUT 1
#define FD_FIRST       2    /* The lowest that open() gives. */
#define FD_MAX         4096 /* Descriptors are below this. */

struct file {
  struct node *node; /* Fixed; held. */
  struct lock lock;  /* RANK_FILE.  Given back before a process ends. */
  uint32_t position; /* Bytes; for a directory what fs_readdir() keeps there.  Lock. */
  uint32_t refs;     /* Tables that have it, and calls that use it.  Preemption off. */
};

struct fd_table;

/* A table without open files, or NULL if there is no memory. */
struct fd_table *fd_table_create(void);
/* A table with the same open files, positions shared; NULL if there is no memory. */
struct fd_table *fd_table_copy(const struct fd_table *table);
/* Closes all files of TABLE and frees it.  May sleep. */
void fd_table_destroy(struct fd_table *table);
/* Opens NODE, whose hold passes to the file, at the lowest free descriptor; returns that, or -1
   (the hold stays the caller's) if there is no memory or no descriptor left. */
int fd_open(struct fd_table *table, struct node *node);
/* The open file FD, or NULL if it is none. */
struct file *fd_lookup(const struct fd_table *table, int fd);
/* Closes FD; does nothing if it is not open.  May sleep. */
void fd_close(struct fd_table *table, int fd);

#endif
