/* Why an access failed, in plain words, for people. */
#ifndef VM_EXPLAIN_H
#define VM_EXPLAIN_H

#include <stddef.h>
#include "vm/fault.h"
#include "vm/types.h"

struct addrspace;

/* What vm_fault() refused, and the program it happened to. */
struct refusal {
  struct addrspace *as;
  uaddr_t address;
  enum vm_access access;
  int error; /* enum vm_error */
  const char *program;
};

/* Writes one sentence about REFUSAL to TEXT of SIZE bytes.  Takes the address space's lock and the
   VM lock. */
void vm_explain(const struct refusal *refusal, char *text, size_t size);

#endif
