/* Processes: their records, from the first to process_wait(). */
#include "fs/fs.h"
#include "kern/memory.h"
#include "kern/print.h"
#include "lib/string.h"
#include "proc/arguments.h"
#include "proc/exec.h"
#include "proc/fd.h"
#include "proc/foreground.h"
#include "proc/terminate.h"
#include "vm/exit.h"

/* Guards who is whose parent, and the end of processes. */
static struct lock table_lock;
/* Stands for the kernel where it starts processes itself: their parent. */
static struct process kernel_process;
static int last_pid;
static void (*halt_hook)(void);

/* Sets up the table of processes, empty. */
void process_init(void) {
  lock_init(&table_lock, RANK_PROCESS, "processes");
  list_init(&kernel_process.children);
  foreground_init();
  terminate_init();
}

/* Takes the table's lock. */
void process_table_lock(void) {
  lock_acquire(&table_lock);
}

/* Gives the table's lock back. */
void process_table_unlock(void) {
  lock_release(&table_lock);
}

/* Looks through all processes. */
struct process *process_find_above(int pid) {
  return tree_find_above(&kernel_process, pid);
}

/* Whose children a spawn or a wait by the running thread is about. */
struct process *process_current_parent(void) {
  struct process *process = process_current();
  return process != NULL ? process : &kernel_process;
}

/* Whether the kernel spawned PROCESS, whose spawner waits for it to be loaded. */
bool process_is_started_by_kernel(const struct process *process) {
  return process->parent == &kernel_process;
}

/* The first word of COMMAND_LINE in memory of its own, or NULL if there is no memory. */
static char *copy_name(const char *command_line) {
  const char *word;
  unsigned length = arguments_first_word(command_line, &word);
  char *name = kmalloc(length + 1);
  if (name == NULL) return NULL;
  memcpy(name, word, length);
  name[length] = '\0';
  return name;
}

/* Frees PROCESS's record; all else is gone. */
static void process_free(struct process *process) {
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
  lock_acquire(&table_lock);
  process->as = NULL;
  lock_release(&table_lock);
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
  if (process->cwd != NULL) inode_put(process->cwd);
  process->cwd = NULL;
  process_gave_back(process);
}

/* A new child of PARENT called after the first word of COMMAND_LINE. */
struct process *process_create(struct process *parent, const char *command_line) {
  struct process *process = kzalloc(sizeof *process);
  if (process == NULL) return NULL;
  list_init(&process->children);
  sema_init(&process->exited, 0);
  process->name = copy_name(command_line);
  if (process->name == NULL) {
    process_free(process);
    return NULL;
  }
  if (parent->cwd != NULL) process->cwd = inode_hold(parent->cwd);
  lock_acquire(&table_lock);
  process->pid = ++last_pid;
  tree_add(parent, process);
  if (parent->killed != KILL_NONE)
    process->killed = parent->killed == KILL_STOP ? KILL_STOP : KILL_CALL;
  foreground_add_child(parent, process);
  lock_release(&table_lock);
  return process;
}

/* Undoes process_create() for a PROCESS that never ran. */
void process_undo(struct process *process) {
  foreground_forget(process);
  process_release(process);
  lock_acquire(&table_lock);
  process_forget(process);
  lock_release(&table_lock);
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
  lock_acquire(&table_lock);
  struct process *child = find_child(parent, pid);
  lock_release(&table_lock);
  if (child == NULL) return -1;
  /* Only its parent takes a child's record away, and that is busy here. */
  if (!sema_down_interruptible(&child->exited, "child")) return -1;
  lock_acquire(&table_lock);
  int status = child->status;
  process_forget(child);
  lock_release(&table_lock);
  return status;
}

/* Ends the running process with STATUS.  The exit line comes before anything is given back, and
   all is given back before the parent learns of the end. */
void process_exit(int status) {
  struct process *process = process_current();
  ASSERT(process != NULL && thread_current()->ranks_held == 0);
  kprintf("%s: exit(%d)\n", process->name, status);
  process_release(process);
  foreground_forget(process);
  lock_acquire(&table_lock);
  terminate_detach(process);
  process->ticks = thread_current()->ticks;
  tree_hand_over(process, process_free);
  process->status = status;
  process->ended = true;
  if (process->is_adopted)
    process_forget(process);
  else
    sema_up(&process->exited);
  lock_release(&table_lock);
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
