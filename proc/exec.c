/* Loading a program: its file, its segments, its stack, its registers. */
#include "proc/exec.h"
#include "arch/i386/intr.h"
#include "fs/fs.h"
#include "kern/print.h"
#include "proc/arguments.h"
#include "proc/elf.h"
#include "proc/tree.h"
#include "vm/error.h"
#include "vm/heap.h"
#include "vm/store.h"

/* Says why PROCESS was not loaded; returns false for the caller to return.  A shortage of memory
   that another program's exec() meets is told by the result of that call alone. */
static bool refuse(const struct process *process, int error, const char *reason) {
  bool shortage = error == VM_ENOMEM || error == VM_ENOFRAME;
  if (!shortage || process_is_started_by_kernel(process))
    kprintf("load: %s: %s\n", process->name, reason);
  return false;
}

/* Why NODE cannot be run; NULL, and others are kept from writing to it, if it can. */
static const char *why_no_program(struct node *node) {
  if (node_is_dir(node)) return "is a directory";
  if (node_inode(node) == NULL) return "is no file on disk";
  return store_deny_writing(node->store) ? NULL : "is being written";
}

/* Opens PROCESS's executable, which its name tells, and keeps others from writing to it. */
static bool open_executable(struct process *process) {
  struct node *node;
  int error = fs_lookup(process->cwd, process->name, &node);
  if (error == FS_ENOENT) return refuse(process, VM_OK, "open failed");
  if (error == FS_ENOMEM) return refuse(process, VM_ENOMEM, fs_error_text(error));
  if (error != FS_OK) {
    kprintf("load: %s: open failed: %s\n", process->name, fs_error_text(error));
    return false;
  }
  const char *reason = why_no_program(node);
  if (reason != NULL) {
    node_put(node);
    return refuse(process, VM_OK, reason);
  }
  process->executable = node_inode(node);
  return true;
}

/* Gives CHILD the executable of PARENT, which nobody can be writing to. */
void exec_share(const struct process *parent, struct process *child) {
  if (parent->executable == NULL) return;
  child->executable = inode_hold(parent->executable);
  store_deny_writing(inode_store(child->executable));
}

/* Lets PROCESS's executable go. */
void exec_close(struct process *process) {
  if (process->executable == NULL) return;
  store_allow_writing(inode_store(process->executable));
  inode_put(process->executable);
  process->executable = NULL;
}

/* Loads the program of COMMAND_LINE into PROCESS. */
bool exec_load(struct process *process, char *command_line, struct trap_frame *frame) {
  if (!open_executable(process)) return false;
  struct elf_load load = {.as = process->as, .store = inode_store(process->executable)};
  if (!elf_load(&load)) return refuse(process, load.error, load.reason);
  heap_init(process->as, load.end);
  uint32_t esp;
  int error = arguments_push(process->as, command_line, &esp);
  if (error != VM_OK) return refuse(process, error, vm_error_text(error));
  trap_frame_init(frame, load.entry, esp);
  record_exec(process, &load);
  return true;
}
