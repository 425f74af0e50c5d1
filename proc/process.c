/* Processes: their records, from the first to process_wait(). */
#include "fs/fs.h"
#include "kern/memory.h"
#include "kern/print.h"
#include "proc/arguments.h"
#include "proc/exec.h"
#include "proc/fd.h"
#include "proc/foreground.h"
#include "proc/load.h"
#include "proc/shortage.h"
#include "vm/exit.h"

/* Bytes of kernel memory promised to each process: records of some pages of its own, and a share in the page
   tables that its faults need. */
#define PROCESS_PROMISE 512

static int last_pid; /* Table lock. */
static void (*halt_hook)(void);

/* Sets up the table of processes, empty. */
void process_init(void) {
  tree_init();
  foreground_init();
}

/* Frees PROCESS's record; all else is gone. */
static void process_free(struct process *process) {
  memory_promise(-PROCESS_PROMISE);
  kfree(process->name);
  kfree(process);
}

/* Takes PROCESS out of the tree and frees its record.  Table lock. */
static void process_forget(struct process *process) {
  list_remove(&process->child_node);
  process_free(process);
}

/* Gives PROCESS's address space back.  Others who look at the process find it, or none.  May sleep. */
static void release_memory(struct process *process) {
  struct addrspace *as = process->as;
  if (as == NULL) return;
  if (process == process_current()) thread_set_pmap(NULL);
  process_table_lock();
  process->as = NULL;
  process_table_unlock();
  addrspace_destroy(as);
}

/* Gives back all that PROCESS has but its record.  Runs in its own thread, or in that of its
   spawner before it ever ran.  May sleep. */
void process_release(struct process *process) {
  if (process->files != NULL) fd_table_destroy(process->files);
  process->files = NULL;
  release_memory(process);
  process_drop_fpu(process);
  exec_close(process);
  if (process->cwd != NULL) node_put(process->cwd);
  process->cwd = NULL;
  shortage_end(process);
}

/* A new child of PARENT called after the first word of COMMAND_LINE. */
struct process *process_create(struct process *parent, const char *command_line) {
  /* Asked first: one that will be refused must not take the last pages even for a moment. */
  struct process *process = memory_is_low() ? NULL : kzalloc(sizeof *process);
  if (process == NULL) return NULL;
  memory_promise(PROCESS_PROMISE);
  list_init(&process->children);
  sema_init(&process->exited, 0);
  process->name = arguments_copy_name(command_line);
  if (process->name == NULL) {
    process_free(process);
    return NULL;
  }
  if (parent->cwd != NULL) process->cwd = node_hold(parent->cwd);
  process_table_lock();
  process->pid = ++last_pid;
  tree_add(parent, process);
  if (parent->killed != KILL_NONE && parent->killed != KILL_MEMORY)
    process->killed = parent->killed == KILL_STOP ? KILL_STOP : KILL_CALL;
  foreground_add_child(parent, process);
  process_table_unlock();
  return process;
}

/* Undoes process_create() for a PROCESS that never ran. */
void process_undo(struct process *process) {
  foreground_forget(process);
  process_release(process);
  process_table_lock();
  process_forget(process);
  process_table_unlock();
}

/* The child PID of PARENT, or NULL.  Table lock. */
static struct process *find_child(struct process *parent, int pid) {
  list_for_each(node, &parent->children) {
    struct process *child = list_entry(node, struct process, child_node);
    if (child->pid == pid && !child->is_adopted) return child;
  }
  return NULL;
}

/* Waits for child PID and takes its status, and its record away; -1 too if the thread was interrupted. */
int process_wait(int pid) {
  struct process *parent = process_current_parent();
  process_table_lock();
  struct process *child = find_child(parent, pid);
  process_table_unlock();
  if (child == NULL) return -1;
  /* Only its parent takes a child's record away, and that is busy here. */
  if (!sema_down_interruptible(&child->exited, "child")) return -1;
  process_table_lock();
  int status = child->status;
  process_forget(child);
  process_table_unlock();
  return status;
}

/* Ends the running process with STATUS.  The exit line comes before anything is given back, and
   all is given back before the parent learns of the end. */
void process_exit(int status) {
  struct process *process = process_current();
  ASSERT(process != NULL && thread_current()->ranks_held == 0);
  process->is_leaving = true;
  record_exit(process, status);
  kprintf("%s: exit(%d)\n", process->name, status);
  process_release(process);
  foreground_forget(process);
  load_note_end();
  process_table_lock();
  mark_detach(process);
  process->ticks = thread_current()->ticks;
  tree_hand_over(process, process_free);
  process->status = status;
  process->ended = true;
  if (process->is_adopted)
    process_forget(process);
  else
    sema_up(&process->exited);
  process_table_unlock();
  thread_exit();
}

/* Notes what halt() does. */
void process_set_halt(void (*halt)(void)) {
  halt_hook = halt;
}

/* Ends the kernel for a program that calls halt(). */
void process_halt(void) {
  ASSERT(halt_hook != NULL);
  halt_hook();
  NOT_REACHED();
}
