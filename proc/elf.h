/* ELF executables: from the headers of a file to the regions of an address space.

   The loader is lazy: it reads the ELF header and the program headers, nothing else.  Content comes
   in by faults, except for a page that must be put together from two places of the file.  It is as
   tolerant as it can be: segments in any order, of any alignment as long as address and offset
   agree modulo the page size, sharing pages, empty, or writable text. */
#ifndef PROC_ELF_H
#define PROC_ELF_H

#include <stdbool.h>
#include <stdint.h>

struct addrspace;
struct store;

#define ELF_REASON_SIZE 96

struct elf_load {
  /* Request. */
  struct addrspace *as; /* Empty, and active in the processor. */
  struct store *store;  /* The file, held and not written by anyone meanwhile. */
  /* Result. */
  uint32_t entry;               /* Where the program starts. */
  uint32_t end;                 /* The first byte after its last segment. */
  int error;                    /* A vm_error, if it is not the file that is wrong. */
  char reason[ELF_REASON_SIZE]; /* Why it was refused. */
};

/* Adds the segments of LOAD's file to its address space as regions and finds the entry point.
   False, with the reason, if the file breaks a rule or there is no memory; the regions added until
   then stay.  May sleep. */
bool elf_load(struct elf_load *load);

#endif
