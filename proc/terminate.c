/* Marking processes that have to end, and their end. */
#include "proc/terminate.h"
#include "arch/i386/intr.h"
#include "dev/timer.h"
#include "kern/print.h"

#define STOP_POLL_MS 10

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

/* Sleeps for ever. */
_Noreturn static void sleep_for_ever(void) {
  struct semaphore never;
  sema_init(&never, 0);
  for (;;) sema_down(&never);
}

/* Ends the running process with status -1, or stops it.  Ctrl-C has marked it alone, and shows on the
   terminal. */
void terminate_self(void) {
  struct process *process = process_current();
  ASSERT(thread_current()->ranks_held == 0);
  if (process->killed == KILL_STOP) {
    __atomic_store_n(&process->stopped, true, __ATOMIC_RELEASE);
    sleep_for_ever();
  }
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

/* Marks all processes but SELF (NULL: all) as to be stopped; those that they make meanwhile inherit it.
   Whether all have stopped that have not ended. */
static bool stop_all(const struct process *self) {
  bool all = true;
  process_table_lock();
  struct process *top = process_current_parent();
  while (top->parent != NULL) top = top->parent;
  terminate_mark(top, KILL_STOP);
  for (struct process *at = tree_next(top, top); at != NULL; at = tree_next(top, at)) {
    if (at == self || at->ended) continue;
    terminate_mark(at, KILL_STOP);
    if (!__atomic_load_n(&at->stopped, __ATOMIC_ACQUIRE)) all = false;
  }
  process_table_unlock();
  return all;
}

/* Stops all but the running process. */
void process_stop_all(void) {
  static bool stopping; /* Preemption off. */
  struct process *self = process_current();
  preempt_disable();
  bool is_first = !stopping;
  stopping = true;
  preempt_enable();
  if (!is_first && self != NULL) terminate_check(self);
  if (!is_first) sleep_for_ever();
  while (!stop_all(self)) timer_sleep_ms(STOP_POLL_MS);
}

/* Registers the hook. */
void terminate_init(void) {
  intr_set_user_return_hook(return_to_user);
}
