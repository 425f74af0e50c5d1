/* Writing a core file: the process's memory as segments of an ELF file. */
#ifndef PROC_CORE_WRITE_H
#define PROC_CORE_WRITE_H

#include <stdbool.h>
#include "proc/core.h"
#include "proc/core_elf.h"
#include "proc/process.h"

struct store;

/* A core file that is being written. */
struct core {
  struct process *process;
  struct store *store;
  enum core_signal signal;
  struct core_head *head;
  unsigned regions;     /* Of the process. */
  uint32_t offset;      /* Bytes of the file that are laid out. */
  uint32_t pages, lost; /* Written; and not, because they could not be read. */
  const char *failure;  /* Why it could not be written, or NULL. */
};

/* Writes the core file of CORE's process, which runs, to its store, empty.  False, with the failure, if that cannot
   be; the rest of the file is anything then.  May sleep. */
bool core_write(struct core *core);
/* Whether PROCESS has to go on without delay: another one waits for its memory, or it is told to end or to stop. */
bool core_is_out_of_time(const struct process *process);

#endif
