/* The floating-point registers of processes: none until the first use, copied by fork(), gone at the end. */
#include "arch/i386/fpu.h"
#include "kern/memory.h"
#include "proc/process_priv.h"
#include "proc/shortage.h"
#include "vm/error.h"

/* The first use makes the registers, clean; later ones find them as they were left. */
int process_use_fpu(void) {
  struct process *self = process_current();
  if (self->fpu == NULL) {
    struct fpu_state *state;
    uint32_t ends = shortage.ends;
    while ((state = kmalloc(sizeof *state)) == NULL) {
      if (shortage_must_die(VM_ENOMEM, ends)) return VM_ENOMEM;
      ends = shortage.ends;
    }
    fpu_state_init(state);
    self->fpu = state;
  }
  preempt_disable();
  fpu_open(self->fpu);
  preempt_enable();
  return VM_OK;
}

/* A PARENT without registers has a child without. */
int process_copy_fpu(const struct process *parent, struct process *child) {
  if (parent->fpu == NULL) return VM_OK;
  child->fpu = kmalloc(sizeof *child->fpu);
  if (child->fpu == NULL) return VM_ENOMEM;
  preempt_disable();
  fpu_copy(child->fpu, parent->fpu);
  preempt_enable();
  return VM_OK;
}

/* Frees the registers of PROCESS. */
void process_drop_fpu(struct process *process) {
  if (process->fpu == NULL) return;
  preempt_disable();
  fpu_forget(process->fpu);
  preempt_enable();
  kfree(process->fpu);
  process->fpu = NULL;
}
