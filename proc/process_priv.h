/* Making and unmaking processes, inside proc/. */
#ifndef PROC_PROCESS_PRIV_H
#define PROC_PROCESS_PRIV_H

#include "proc/process.h"
#include "vm/fault.h"

/* A new child of PARENT, called after the first word of COMMAND_LINE, with PARENT's working
   directory and neither address space nor files yet; NULL if there is no memory.  May sleep. */
struct process *process_create(struct process *parent, const char *command_line);
/* The lock of who is whose parent, and of the end of processes; outermost of all. */
void process_table_lock(void);
void process_table_unlock(void);
/* The process with the lowest pid above PID, or NULL.  Process table lock. */
struct process *process_find_above(int pid);
/* Whose children a spawn or a wait by the running thread is about: its process, or what stands for the
   kernel. */
struct process *process_current_parent(void);
/* Gives back all that PROCESS has but its record.  Runs in its own thread, or in that of its spawner
   before it ever ran.  May sleep. */
void process_release(struct process *process);
/* Undoes process_create() for a PROCESS that never ran, with all it was given since. */
void process_undo(struct process *process);
/* vm_fault() for the running process.  When memory is out one process ends at a time: VM_ENOFRAME and
   VM_ENOMEM mean that it is this one, and process_exit() must come next; others wait until it has
   given back what it had, and try again.  Neither lock nor pin is held.  May sleep. */
int process_fault(uint32_t address, enum vm_access access);
/* The running process wants kernel memory, for which there was ERROR, a shortage: true if it is the one
   that ends for it, by process_kill().  Otherwise another one has given back what it had meanwhile, and
   there may be some.  Neither lock nor pin is held.  May sleep. */
bool process_must_die(int error);
/* PROCESS has given back what it had. */
void process_gave_back(const struct process *process);
/* Gives the running process the floating-point unit, as it had it before; false if there is none.  A
   process that there is no memory for ends.  May sleep. */
bool process_use_fpu(const struct trap_frame *frame);
/* Gives CHILD, which does not run yet, the floating-point registers of PARENT, the running process.
   VM_OK or VM_ENOMEM. */
int process_copy_fpu(const struct process *parent, struct process *child);
/* PROCESS has no more use for floating point. */
void process_drop_fpu(struct process *process);
/* Whether no program but the kernel itself spawned PROCESS.  For the time that it is loaded. */
bool process_is_started_by_kernel(const struct process *process);

#endif
