/* fork(): a second process that goes on where the first one is. */
#include "arch/i386/intr.h"
#include "fs/fs.h"
#include "kern/memory.h"
#include "proc/exec.h"
#include "proc/fd.h"
#include "proc/syscall.h"
#include "proc/terminate.h"
#include "vm/addrspace.h"
#include "vm/error.h"
#include "vm/fork.h"

/* What the child's thread starts from. */
struct start {
  struct process *process;
  struct trap_frame frame;
};

/* The child's thread: returns 0 from the same call. */
static void child_main(void *aux) {
  struct start *start = aux;
  struct trap_frame frame = start->frame;
  struct process *process = start->process;
  kfree(start);
  mark_attach(process);
  thread_set_pmap(process->as->pmap);
  mark_heed(process);
  frame.eax = 0;
  intr_return_to(&frame);
}

/* Gives CHILD the address space, the files, the program and the floating point of PARENT. */
static int copy_process(struct process *parent, struct process *child) {
  child->files = fd_table_copy(parent->files);
  if (child->files == NULL) return VM_ENOMEM;
  exec_share(parent, child);
  int error = addrspace_fork(parent->as, &child->as);
  if (error == VM_OK) record_process(child, true);
  if (error == VM_OK) error = process_copy_fpu(parent, child);
  return error == VM_OK && memory_is_low() ? VM_ENOMEM : error;
}

/* Starts CHILD at FRAME. */
static int start_child(struct process *child, const struct trap_frame *frame) {
  struct start *start = kmalloc(sizeof *start);
  if (start == NULL) return VM_ENOMEM;
  *start = (struct start){child, *frame};
  if (thread_create(child->name, PRIORITY_DEFAULT, child_main, start) != NULL) return VM_OK;
  kfree(start);
  return VM_ENOMEM;
}

/* fork(): the child's pid in the parent, 0 in the child, -1 if there is no memory. */
int32_t sys_fork(const uint32_t *arguments) {
  (void)arguments;
  struct process *parent = process_current();
  struct process *child = process_create(parent, parent->name);
  if (child == NULL) return -1;
  int pid = child->pid;
  int error = copy_process(parent, child);
  if (error == VM_OK) error = start_child(child, parent->frame);
  if (error == VM_OK) return pid;
  process_undo(child);
  return -1;
}
