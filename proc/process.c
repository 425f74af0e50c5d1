/* Processes: from process_spawn() to process_wait(). */
#include "proc/process_priv.h"
#include "arch/i386/intr.h"
#include "fs/fs.h"
#include "kern/memory.h"
#include "kern/print.h"
#include "lib/string.h"
#include "proc/arguments.h"
#include "proc/exec.h"
#include "proc/fd.h"
#include "vm/addrspace.h"

/* A start under way; on the spawner's stack, which waits until LOADED is up. */
struct spawn {
  struct process *process;
  char *command_line; /* A page of kernel memory. */
  struct semaphore loaded;
  bool succeeded;
};

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
}

/* Whose children a spawn or a wait by the running thread is about. */
static struct process *current_parent(void) {
  struct process *process = process_current();
  return process != NULL ? process : &kernel_process;
}

/* Whether the kernel spawned PROCESS, whose spawner waits for it to be loaded. */
bool process_is_started_by_kernel(const struct process *process) {
  return process->parent == &kernel_process;
}

/* Says that there is no memory to start COMMAND_LINE, unless it is a program that wants to, which
   learns it by the result.  Returns -1 for the caller to return. */
static int report_shortage(const char *command_line) {
  const char *word;
  unsigned length = arguments_first_word(command_line, &word);
  if (process_current() == NULL) kprintf("load: %.*s: out of kernel memory\n", (int)length, word);
  return -1;
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

/* Gives back all that PROCESS has but its record.  Runs in its own thread, or in that of its
   spawner before it ever ran.  May sleep. */
static void release_all(struct process *process) {
  if (process->files != NULL) fd_table_destroy(process->files);
  process->files = NULL;
  if (process->as != NULL) {
    if (process == process_current()) thread_set_pmap(NULL);
    addrspace_destroy(process->as);
    process->as = NULL;
  }
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
  process->parent = parent;
  list_push_back(&parent->children, &process->child_node);
  lock_release(&table_lock);
  return process;
}

/* Undoes process_create() for a PROCESS that never ran. */
void process_undo(struct process *process) {
  lock_acquire(&table_lock);
  list_remove(&process->child_node);
  lock_release(&table_lock);
  release_all(process);
  process_free(process);
}

/* A new process's thread: loads the program, tells the spawner, and runs it. */
static void process_main(void *aux) {
  struct spawn *spawn = aux;
  struct process *process = spawn->process;
  struct thread *self = thread_current();
  struct trap_frame frame;
  process->thread = self;
  self->process = process;
  thread_set_pmap(process->as->pmap);
  bool loaded = exec_load(process, spawn->command_line, &frame);
  if (!loaded) {
    release_all(process);
    self->process = NULL;
  }
  spawn->succeeded = loaded;
  sema_up(&spawn->loaded); /* SPAWN is gone from here on; so is PROCESS if it was not loaded. */
  if (!loaded) thread_exit();
  intr_return_to(&frame);
}

/* Starts SPAWN's process and waits until it is loaded; its pid, or -1. */
static int spawn_start(struct spawn *spawn) {
  struct process *process = process_create(current_parent(), spawn->command_line);
  if (process == NULL) return report_shortage(spawn->command_line);
  int pid = process->pid;
  spawn->process = process;
  sema_init(&spawn->loaded, 0);
  process->files = fd_table_create();
  process->as = addrspace_create();
  if (process->files != NULL && process->as != NULL &&
      thread_create(process->name, PRIORITY_DEFAULT, process_main, spawn) != NULL) {
    sema_down(&spawn->loaded);
    if (spawn->succeeded) return pid;
  } else {
    report_shortage(spawn->command_line);
  }
  process_undo(process);
  return -1;
}

/* Starts COMMAND_LINE as a child of the running process, or of the kernel. */
int process_spawn(const char *command_line) {
  const char *word;
  unsigned length = arguments_first_word(command_line, &word);
  if (length == 0) return -1;
  if (strlen(command_line) >= COMMAND_LINE_SIZE) {
    kprintf("load: %.*s: argument list too long\n", (int)length, word);
    return -1;
  }
  struct spawn spawn = {.command_line = page_alloc(1)};
  if (spawn.command_line == NULL) return report_shortage(command_line);
  strlcpy(spawn.command_line, command_line, COMMAND_LINE_SIZE);
  int pid = spawn_start(&spawn);
  page_free(spawn.command_line, 1);
  return pid;
}

/* The child PID of PARENT, or NULL.  Table lock. */
static struct process *find_child(struct process *parent, int pid) {
  list_for_each(node, &parent->children) {
    struct process *child = list_entry(node, struct process, child_node);
    if (child->pid == pid) return child;
  }
  return NULL;
}

/* Waits for child PID and takes its status, and its record away. */
int process_wait(int pid) {
  struct process *parent = current_parent();
  lock_acquire(&table_lock);
  struct process *child = find_child(parent, pid);
  lock_release(&table_lock);
  if (child == NULL) return -1;
  /* Only its parent takes a child's record away, and that is busy here. */
  sema_down(&child->exited);
  lock_acquire(&table_lock);
  list_remove(&child->child_node);
  int status = child->status;
  lock_release(&table_lock);
  process_free(child);
  return status;
}

/* Lets go of the children of PROCESS: those that ended are forgotten, the others will clean up
   after themselves.  Table lock. */
static void leave_children(struct process *process) {
  list_for_each_safe(node, next, &process->children) {
    struct process *child = list_entry(node, struct process, child_node);
    list_remove(node);
    child->parent = NULL;
    if (child->ended) process_free(child);
  }
}

/* Ends the running process with STATUS.  The exit line comes before anything is given back, and
   all is given back before the parent learns of the end. */
void process_exit(int status) {
  struct process *process = process_current();
  ASSERT(process != NULL && thread_current()->ranks_held == 0);
  kprintf("%s: exit(%d)\n", process->name, status);
  release_all(process);
  thread_current()->process = NULL;
  lock_acquire(&table_lock);
  leave_children(process);
  process->status = status;
  process->ended = true;
  if (process->parent == NULL)
    process_free(process);
  else
    sema_up(&process->exited);
  lock_release(&table_lock);
  thread_exit();
}

/* Runs COMMAND_LINE to its end; its status, or -1 if it did not load. */
int process_run(const char *command_line) {
  int pid = process_spawn(command_line);
  return pid < 0 ? -1 : process_wait(pid);
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
