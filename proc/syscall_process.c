/* System calls about other processes. */
#include "arch/i386/intr.h"
#include "lib/round.h"
#include "lib/string.h"
#include "proc/mark.h"
#include "proc/process_info.h"
#include "proc/syscall.h"
#include "vm/addrspace.h"
#include "vm/error.h"
#include "vm/user.h"

/* kill(pid): marks the process and all that it started; 0, or VM_EINVAL if it is neither the caller
   nor a living descendant. */
int32_t sys_kill(const uint32_t *arguments) {
  process_table_lock();
  struct process *process = tree_find(process_current(), (int)arguments[0]);
  bool lives = process != NULL && !process->ended;
  if (lives) mark_family(process);
  process_table_unlock();
  return lives ? VM_OK : VM_EINVAL;
}

/* Copies to INFO what THREAD does now, which is NULL before the process's first step and after its
   last.  Interrupts are off. */
static void fill_thread(struct process_info *info, const struct thread *thread) {
  if (thread == NULL) return;
  info->ticks = thread->ticks;
  if (thread->state == THREAD_BLOCKED) info->state = PROCESS_SLEEPING;
  if (thread->state == THREAD_RUNNING) info->state = PROCESS_RUNNING;
  if (thread->waiting_for != NULL)
    strlcpy(info->waits_for, thread->waiting_for, sizeof info->waits_for);
}

/* Copies to INFO what there is to tell about PROCESS.  Its address space goes away under the lock.
   Process table lock. */
static void fill(struct process_info *info, const struct process *process) {
  *info = (struct process_info){.pid = process->pid, .parent = process->parent->pid};
  info->state = process->ended ? PROCESS_ENDED : PROCESS_READY;
  strlcpy(info->name, process->name, sizeof info->name);
  bool were_on = intr_disable();
  fill_thread(info, process->thread);
  intr_restore(were_on);
  info->ticks += process->ticks;
  if (process->as == NULL) return;
  info->resident = process->as->counters.resident;
  info->swapped = process->as->counters.swapped;
}

/* process_info(pid, buffer, size): fills in as much as SIZE allows about the process with the lowest
   pid above PID; that pid, or 0 if there is none. */
int32_t sys_process_info(const uint32_t *arguments) {
  struct addrspace *as = process_current()->as;
  uint32_t buffer = arguments[1], size = MIN(arguments[2], (uint32_t)sizeof(struct process_info));
  struct process_info info = {0};
  syscall_check(user_check(as, buffer, size, ACCESS_WRITE), buffer);
  process_table_lock();
  struct process *process = process_find_above((int)arguments[0]);
  if (process != NULL) fill(&info, process);
  process_table_unlock();
  if (process == NULL) return 0;
  syscall_check(user_write(as, buffer, &info, size), buffer);
  return info.pid;
}
