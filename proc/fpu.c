/* The floating-point registers of processes: none until the first use, copied by fork(), gone at the end. */
#include "arch/i386/fpu.h"
#include "arch/i386/intr.h"
#include "kern/memory.h"
#include "proc/process_priv.h"
#include "vm/error.h"

/* Memory for the registers of the running process, which stopped at FRAME; or its end. */
static struct fpu_state *create(const struct trap_frame *frame) {
  struct fpu_state *state;
  while ((state = kmalloc(sizeof *state)) == NULL)
    if (process_must_die(VM_ENOMEM)) process_kill(VM_ENOMEM, frame->eip);
  fpu_state_init(state);
  return state;
}

/* The first use makes the registers, clean; later ones find them as they were left. */
bool process_use_fpu(const struct trap_frame *frame) {
  struct process *self = process_current();
  if (!fpu_exists()) return false;
  if (self->fpu == NULL) self->fpu = create(frame);
  preempt_disable();
  fpu_open(self->fpu);
  preempt_enable();
  return true;
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
