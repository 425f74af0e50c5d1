/* Marking processes that have to end, and their end. */
#include "proc/terminate.h"
#include "arch/i386/intr.h"
#include "kern/print.h"

/* Notes CAUSE and wakes the thread where that may be done. */
void terminate_mark(struct process *process, enum kill_cause cause) {
  bool were_on = intr_disable();
  if (process->killed == KILL_NONE) process->killed = cause;
  if (process->thread != NULL) thread_interrupt(process->thread);
  intr_restore(were_on);
}

/* A child that one of them makes meanwhile waits for the table's lock, and inherits the mark. */
void terminate_family(struct process *top) {
  for (struct process *at = top; at != NULL; at = tree_next(top, at)) terminate_mark(at, KILL_CALL);
}

/* A mark that was there before the thread breaks off its sleeps as well. */
void terminate_attach(struct process *process) {
  struct thread *self = thread_current();
  bool were_on = intr_disable();
  process->thread = self;
  self->process = process;
  if (process->killed != KILL_NONE) thread_interrupt(self);
  intr_restore(were_on);
}

/* Nobody finds the thread by the process any more. */
void terminate_detach(struct process *process) {
  bool were_on = intr_disable();
  process->thread = NULL;
  thread_current()->process = NULL;
  intr_restore(were_on);
}

/* Ends the running process with status -1.  Ctrl-C has marked it alone, and shows on the terminal. */
void terminate_self(void) {
  struct process *process = process_current();
  if (process->killed == KILL_CONSOLE) kprintf("^C\n");
  process_table_lock();
  terminate_family(process);
  process_table_unlock();
  process_exit(-1);
}

/* An IRQ returns to the running process, interrupts off. */
static void return_to_user(void) {
  if (process_current()->killed == KILL_NONE) return;
  intr_enable();
  terminate_self();
}

/* Registers the hook. */
void terminate_init(void) {
  intr_set_user_return_hook(return_to_user);
}
