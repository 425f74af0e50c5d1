/* Loading a program: its file, its segments, its stack, its registers. */
#include "proc/exec.h"
#include "arch/i386/intr.h"
#include "fs/fs.h"
#include "kern/print.h"
#include "proc/arguments.h"
#include "proc/elf.h"
#include "proc/process.h"
#include "vm/error.h"

/* Says why the program called NAME was not loaded; returns false for the caller to return. */
static bool refuse(const char *name, const char *reason) {
  kprintf("load: %s: %s\n", name, reason);
  return false;
}

/* Opens PROCESS's executable, which its name tells, and keeps others from writing to it. */
static bool open_executable(struct process *process) {
  struct inode *inode;
  int error = fs_lookup(process->cwd, process->name, &inode);
  if (error != FS_OK) {
    if (error == FS_ENOENT) return refuse(process->name, "open failed");
    kprintf("load: %s: open failed: %s\n", process->name, fs_error_text(error));
    return false;
  }
  if (inode_is_dir(inode)) {
    inode_put(inode);
    return refuse(process->name, "is a directory");
  }
  inode_deny_write(inode);
  process->executable = inode;
  return true;
}

/* Loads the program of COMMAND_LINE into PROCESS. */
bool exec_load(struct process *process, char *command_line, struct trap_frame *frame) {
  if (!open_executable(process)) return false;
  struct elf_load load = {.as = process->as, .store = inode_store(process->executable)};
  if (!elf_load(&load)) return refuse(process->name, load.reason);
  uint32_t esp;
  int error = arguments_push(process->as, command_line, &esp);
  if (error != VM_OK) {
    kprintf("load: %s: no stack for the arguments: %s\n", process->name, vm_error_text(error));
    return false;
  }
  trap_frame_init(frame, load.entry, esp);
  return true;
}
