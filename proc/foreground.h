/* Whose the console is.

   At first it is everybody's.  By console_foreground() a process hands it to one that it started:
   from then on that, with its descendants, is who reads, and who ends by Ctrl-C; all others find the
   input at its end.  When it ends the console goes back to who had it before. */
#ifndef PROC_FOREGROUND_H
#define PROC_FOREGROUND_H

#include <stdbool.h>
#include <stdint.h>

struct process;

/* Nobody has the console. */
void foreground_init(void);
/* Whether PROCESS, the running one, may read what is typed.  May sleep. */
bool foreground_may_read(struct process *process);
/* PARENT has made CHILD, which gets the console if that was said before.  Process table lock. */
void foreground_add_child(struct process *parent, struct process *child);
/* Hands the console as SELF wants it: to the process PID, or to the next that it makes if that is 0.  A
   vm_error.  Process table lock. */
int foreground_hand_over(struct process *self, int pid);
/* Has SELF read in MODE, an enum console_mode.  The terminal's columns, or a vm_error.  Process table
   lock. */
int foreground_set_mode(struct process *self, uint32_t mode);
/* PROCESS ends. */
void foreground_forget(struct process *process);

#endif
