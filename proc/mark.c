/* Marking processes that have to end. */
#include "proc/mark.h"
#include "arch/i386/intr.h"
#include "proc/contend.h"

/* Notes CAUSE and wakes the thread where that may be done.  What ends others as well takes the place of what ends
   it alone; who ends is not stopped. */
void mark_process(struct process *process, enum kill_cause cause) {
  bool were_on = intr_disable();
  bool ends_alone = process->killed == KILL_MEMORY && cause != KILL_STOP;
  if (process->killed == KILL_NONE || ends_alone) process->killed = cause;
  if (process->thread != NULL) thread_interrupt(process->thread);
  intr_restore(were_on);
}

/* A child that one of them makes meanwhile waits for the table's lock, and inherits the mark. */
void mark_family(struct process *top) {
  for (struct process *at = top; at != NULL; at = tree_next(top, at)) mark_process(at, KILL_CALL);
}

/* A mark that was there before the thread breaks off its sleeps as well. */
void mark_attach(struct process *process) {
  struct thread *self = thread_current();
  bool were_on = intr_disable();
  process->thread = self;
  contend_begin(process);
  self->process = process;
  if (process->killed != KILL_NONE) thread_interrupt(self);
  intr_restore(were_on);
}

/* Nobody finds the thread by the process any more. */
void mark_detach(struct process *process) {
  bool were_on = intr_disable();
  process->thread = NULL;
  thread_current()->process = NULL;
  intr_restore(were_on);
}
