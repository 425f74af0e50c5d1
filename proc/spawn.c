/* Starting a program: a new process whose own thread loads it. */
#include "arch/i386/intr.h"
#include "kern/memory.h"
#include "kern/print.h"
#include "lib/string.h"
#include "proc/arguments.h"
#include "proc/exec.h"
#include "proc/fd.h"
#include "proc/syscall.h"
#include "proc/terminate.h"
#include "vm/addrspace.h"

/* A start under way; on the spawner's stack, which waits until LOADED is up. */
struct spawn {
  struct process *process;
  char *command_line; /* A page of kernel memory. */
  struct semaphore loaded;
  bool succeeded;
};

/* Says that there is no memory to start COMMAND_LINE, unless it is a program that wants to, which
   learns it by the result.  Returns -1 for the caller to return. */
static int report_shortage(const char *command_line) {
  const char *word;
  unsigned length = arguments_first_word(command_line, &word);
  if (process_current() == NULL) kprintf("load: %.*s: out of kernel memory\n", (int)length, word);
  return -1;
}

/* A new process's thread: loads the program, tells the spawner, and runs it. */
static void process_main(void *aux) {
  struct spawn *spawn = aux;
  struct process *process = spawn->process;
  struct trap_frame frame;
  mark_attach(process);
  thread_set_pmap(process->as->pmap);
  bool loaded = exec_load(process, spawn->command_line, &frame);
  if (!loaded) {
    process_release(process);
    mark_detach(process);
  }
  process->is_loading = false;
  spawn->succeeded = loaded;
  sema_up(&spawn->loaded); /* SPAWN is gone from here on; so is PROCESS if it was not loaded. */
  if (!loaded) thread_exit();
  mark_heed(process);
  intr_return_to(&frame);
}

/* Starts SPAWN's process and waits until it is loaded; its pid, or -1. */
static int spawn_start(struct spawn *spawn) {
  struct process *process = process_create(process_current_parent(), spawn->command_line);
  if (process == NULL) return report_shortage(spawn->command_line);
  int pid = process->pid;
  spawn->process = process;
  process->is_loading = true;
  sema_init(&spawn->loaded, 0);
  process->files = fd_table_create();
  process->as = addrspace_create();
  if (process->as != NULL) record_process(process, false);
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

/* Starts COMMAND_LINE as a child of the running process, or of the kernel.  Its pid once it is loaded, or -1
   after a line that says why not (none for an empty COMMAND_LINE, or where a program is told of a shortage of
   memory by the -1).  May sleep. */
static int process_spawn(const char *command_line) {
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

/* Runs COMMAND_LINE to its end; its status, or -1 if it did not load. */
int process_run(const char *command_line) {
  int pid = process_spawn(command_line);
  return pid < 0 ? -1 : process_wait(pid);
}

/* exec(command_line): the new process's pid, or -1. */
int32_t sys_exec(const uint32_t *arguments) {
  char *command_line;
  int pid = -1;
  if (syscall_string(arguments[0], &command_line)) {
    pid = process_spawn(command_line);
  } else if (command_line != NULL) {
    const char *word;
    unsigned length = arguments_first_word(command_line, &word);
    kprintf("load: %.*s: argument list too long\n", (int)length, word);
  }
  if (command_line != NULL) page_free(command_line, 1);
  return pid;
}
