/* Turning a fresh process into a running program: its executable, segments, stack and arguments. */
#ifndef PROC_EXEC_H
#define PROC_EXEC_H

#include <stdbool.h>

struct process;
struct trap_frame;

/* Loads the program that COMMAND_LINE names into PROCESS, the running one, whose address space is
   empty and active; COMMAND_LINE is cut into words on the way.  Fills FRAME with the registers to
   start with.  False, after a line that says why, if it cannot be; what was opened until then
   stays in PROCESS.  May sleep. */
bool exec_load(struct process *process, char *command_line, struct trap_frame *frame);
/* Gives CHILD, a new process, the executable of PARENT, the running one. */
void exec_share(const struct process *parent, struct process *child);
/* Lets the executable of PROCESS go, if it has one: it may be written again.  May sleep. */
void exec_close(struct process *process);

#endif
