/* The processes that have had the console handed to them, the last first. */
#include "proc/foreground.h"
#include "arch/i386/intr.h"
#include "dev/console.h"
#include "lib/debug.h"
#include "proc/mark.h"
#include "proc/syscall_numbers.h"
#include "vm/error.h"

/* Interrupts off, like what the processes' records say about it.  A process that is on the list has
   its record as long as the table's lock is held. */
static struct list holders;
static struct process *keys_setter; /* Who reads by keys, or NULL. */
static void (*end_machine)(void);

/* Empties the list. */
void foreground_init(void) {
  list_init(&holders);
}

/* Who has the console, or NULL.  Interrupts are off. */
static struct process *holder(void) {
  struct list_node *node = list_first(&holders);
  return node != NULL ? list_entry(node, struct process, foreground_node) : NULL;
}

/* Ctrl-C has come, interrupts are off: it ends who has the console, unless that wants to read it. */
static bool foreground_interrupt(void) {
  struct process *process = holder();
  if (process == NULL) end_machine();
  if (process->keeps_interrupt) return false;
  mark_process(process, KILL_CONSOLE);
  return true;
}

/* Whether the console is PROCESS's to read: everybody's, its own, or that of an ancestor who shares
   it.  A shell, which keeps Ctrl-C for itself, does not share.  Process table lock. */
static bool is_foreground(const struct process *process) {
  bool were_on = intr_disable();
  const struct process *top = holder();
  bool shared = top != NULL && !top->keeps_interrupt;
  intr_restore(were_on);
  return top == NULL || top == process || (shared && tree_is_within(top, process));
}

/* Asks under the lock. */
bool foreground_may_read(struct process *process) {
  process_table_lock();
  bool may = is_foreground(process);
  process_table_unlock();
  return may;
}

/* Hands the console to PROCESS.  Process table lock. */
static void hand_to(struct process *process) {
  bool were_on = intr_disable();
  if (list_node_is_listed(&process->foreground_node)) list_remove(&process->foreground_node);
  list_push_front(&holders, &process->foreground_node);
  intr_restore(were_on);
}

/* Hands the console to a child of whom it was promised by PARENT. */
void foreground_add_child(struct process *parent, struct process *child) {
  if (!parent->hands_to_child) return;
  parent->hands_to_child = false;
  hand_to(child);
}

/* Takes PROCESS off the list; its way of reading ends with it. */
void foreground_forget(struct process *process) {
  bool were_on = intr_disable();
  if (list_node_is_listed(&process->foreground_node)) list_remove(&process->foreground_node);
  if (keys_setter == process) {
    keys_setter = NULL;
    console_set_keys(false);
  }
  intr_restore(were_on);
}

/* Whether PROCESS may say whose the console is: it is its own to read, or somewhere on the list.
   Process table lock. */
static bool may_hand_over(const struct process *process) {
  return is_foreground(process) || list_node_is_listed(&process->foreground_node);
}

/* Hands the console as SELF wants it: to the process PID, or to the next that it starts if that is
   0.  A vm_error.  Process table lock. */
int foreground_hand_over(struct process *self, int pid) {
  if (!may_hand_over(self)) return VM_EACCESS;
  self->hands_to_child = pid == 0;
  if (pid == 0) return VM_OK;
  struct process *process = tree_find(self, pid);
  if (process == NULL || process->ended) return VM_EINVAL;
  if (process == self) self->keeps_interrupt = true;
  hand_to(process);
  return VM_OK;
}

/* Has SELF read in MODE.  The terminal's columns, or a vm_error.  Process table lock. */
int foreground_set_mode(struct process *self, uint32_t mode) {
  if (mode != CONSOLE_LINES && mode != CONSOLE_KEYS) return VM_EINVAL;
  if (console_columns() == 0 || !is_foreground(self)) return VM_EACCESS;
  bool were_on = intr_disable();
  keys_setter = mode == CONSOLE_KEYS ? self : NULL;
  console_set_keys(keys_setter != NULL);
  intr_restore(were_on);
  return (int)console_columns();
}

/* From now on Ctrl-C ends whoever has the console, or else the machine, by END. */
void process_set_terminal(unsigned columns, void (*end)(void)) {
  end_machine = end;
  console_set_terminal(columns, foreground_interrupt);
}
