/* Making and unmaking processes, inside proc/. */
#ifndef PROC_PROCESS_PRIV_H
#define PROC_PROCESS_PRIV_H

#include <stdint.h>
#include "proc/process.h"

/* A new child of PARENT, called after the first word of COMMAND_LINE, with PARENT's working
   directory and neither address space nor files yet; NULL if there is no memory.  May sleep. */
struct process *process_create(struct process *parent, const char *command_line);
/* Gives back all that PROCESS has but its record.  Runs in its own thread, or in that of its spawner
   before it ever ran.  May sleep. */
void process_release(struct process *process);
/* Undoes process_create() for a PROCESS that never ran, with all it was given since. */
void process_undo(struct process *process);
/* Gives the running process the floating-point unit, as it had it before.  VM_OK, or
   VM_ENOMEM: it ends for that by process_kill(), which must come next.  The machine has one.  May sleep. */
int process_use_fpu(void);
/* Gives CHILD, which does not run yet, the floating-point registers of PARENT, the running process.
   VM_OK or VM_ENOMEM. */
int process_copy_fpu(const struct process *parent, struct process *child);
/* PROCESS has no more use for floating point. */
void process_drop_fpu(struct process *process);
/* Says what the running process did at FRAME, an exception of its own: FIRST_LINE, which may be empty, and
   then the registers, CR2 among them. */
void process_report_exception(const struct trap_frame *frame, const char *first_line, uint32_t cr2);

#endif
