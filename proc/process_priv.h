/* Making and unmaking processes, inside proc/. */
#ifndef PROC_PROCESS_PRIV_H
#define PROC_PROCESS_PRIV_H

#include "proc/process.h"
#include "vm/fault.h"

/* A new child of PARENT, called after the first word of COMMAND_LINE, with PARENT's working
   directory and neither address space nor files yet; NULL if there is no memory.  May sleep. */
struct process *process_create(struct process *parent, const char *command_line);
/* Undoes process_create() for a PROCESS that never ran, with all it was given since. */
void process_undo(struct process *process);
/* vm_fault() for the running process.  When memory is out one process ends at a time: VM_ENOFRAME and
   VM_ENOMEM mean that it is this one, and process_exit() must come next; others wait until it has
   given back what it had, and try again.  Neither lock nor pin is held.  May sleep. */
int process_fault(uint32_t address, enum vm_access access);
/* PROCESS has given back what it had. */
void process_gave_back(const struct process *process);
/* Whether no program but the kernel itself spawned PROCESS.  For the time that it is loaded. */
bool process_is_started_by_kernel(const struct process *process);

#endif
