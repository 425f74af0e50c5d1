/* How a process that is marked ends, or stops. */
#include "proc/terminate.h"
#include "arch/i386/intr.h"
#include "dev/timer.h"
#include "kern/print.h"
#include "proc/load.h"

#define STOP_POLL_MS 10

/* Sleeps for ever. */
_Noreturn static void sleep_for_ever(void) {
  struct semaphore never;
  sema_init(&never, 0);
  for (;;) sema_down(&never);
}

/* Ends the running process with status -1, or stops it.  Ctrl-C has marked it alone, and shows on the
   terminal.  Who ends for others' want of memory says so, and ends alone. */
_Noreturn static void terminate_self(void) {
  struct process *process = process_current();
  ASSERT(thread_current()->ranks_held == 0);
  if (process->killed == KILL_STOP) {
    __atomic_store_n(&process->stopped, true, __ATOMIC_RELEASE);
    sleep_for_ever();
  }
  if (process->killed == KILL_MEMORY) process_kill(process->shortage, 0);
  if (process->killed == KILL_CONSOLE) kprintf("^C\n");
  process_table_lock();
  mark_family(process);
  process_table_unlock();
  process_exit(-1);
}

/* A mark may come while another is heeded. */
void mark_heed_all(struct process *process) {
  while (process->marks != 0) {
    if (process->killed != KILL_NONE) terminate_self();
    load_heed();
  }
}

/* An IRQ returns to the running process, interrupts off. */
static void return_to_user(void) {
  struct process *process = process_current();
  if (process->marks == 0) return;
  intr_enable();
  mark_heed_all(process);
  intr_disable();
}

/* Marks all processes but SELF (NULL: all) as to be stopped; those that they make meanwhile inherit it.
   Whether all have stopped that have not ended. */
static bool stop_all(const struct process *self) {
  bool all = true;
  process_table_lock();
  struct process *top = tree_top();
  mark_process(top, KILL_STOP);
  for (struct process *at = tree_next(top, top); at != NULL; at = tree_next(top, at)) {
    if (at == self || at->ended) continue;
    mark_process(at, KILL_STOP);
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
  if (!is_first && self != NULL) mark_heed(self);
  if (!is_first) sleep_for_ever();
  while (!stop_all(self)) timer_sleep_ms(STOP_POLL_MS);
}

/* Registers the hook. */
void terminate_init(void) {
  intr_set_user_return_hook(return_to_user);
}
