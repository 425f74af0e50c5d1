/* Core files: what a program had in memory when it was killed, as a file for debuggers.

   With -core whoever is ended for a fault of its own leaves NAME.core in the root directory: an ELF file with its
   registers, and its memory wherever that was, in frames, in slots or in files. */
#ifndef PROC_CORE_H
#define PROC_CORE_H

#include <stdbool.h>

/* What a core file says that a program was killed by: numbers that debuggers know. */
enum core_signal {
  CORE_ILLEGAL = 4,
  CORE_TRAP = 5,
  CORE_PAGE_LOST = 7, /* A page could not be had. */
  CORE_ARITHMETIC = 8,
  CORE_ACCESS = 11,
  CORE_BAD_CALL = 31
};

/* -core: whether they are written.  Fixed before the first process. */
extern bool core_wanted;

/* If -core was given, writes the core file of the running process, which SIGNAL kills, and says in a line that it
   did or why not.  It takes no more memory than any write() and gives up where that would have to.  No locks are
   held.  May sleep. */
void core_leave(enum core_signal signal);

#endif
