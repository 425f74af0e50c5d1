/* Page faults: where each of them enters the kernel, and comes to the VM.  What that cannot resolve ends the
   program, or the kernel's copy to or from its memory. */
#include "arch/i386/cpu.h"
#include "arch/i386/intr.h"
#include "arch/i386/usercopy.h"
#include "lib/printf.h"
#include "kern/print.h"
#include "proc/core.h"
#include "proc/shortage.h"
#include "proc/terminate.h"
#include "vm/addrspace.h"

#define VECTOR_PAGE_FAULT 14

/* Error code of a page fault (Intel SDM 3, "Page-Fault Exception"). */
enum { PAGE_FAULT_PRESENT = 1, PAGE_FAULT_WRITE = 2 };

static uint32_t page_faults; /* The processor's count; preemption may lose one, no matter. */

/* Page faults since boot. */
uint32_t page_fault_count(void) {
  return page_faults;
}

/* Serves a page fault at ADDRESS in ring 3. */
static void serve_user_fault(const struct trap_frame *f, uint32_t address) {
  struct addrspace *as = process_current()->as;
  bool write = (f->error_code & PAGE_FAULT_WRITE) != 0;
  as->user_esp = f->esp;
  int error = process_fault(address, write ? ACCESS_WRITE : ACCESS_READ);
  switch (error) {
  case VM_OK: mark_heed(process_current()); return;
  case VM_ENOFRAME:
  case VM_ENOMEM:
  case VM_EIO:
  case VM_ENOSPC: process_kill(error, address);
  default: break;
  }
  /* Whether the page is in just now is no matter: what must not be accessed so is a violation. */
  bool violation =
      (f->error_code & PAGE_FAULT_PRESENT) || error == VM_EACCESS || address >= USER_END;
  char line[96];
  snprintf(line, sizeof line, "Page fault at 0x%x: %s error %s page in user context.\n", address,
           violation ? "rights violation" : "not present", write ? "writing" : "reading");
  process_report_exception(f, line, address);
  process_explain(error, address, write);
  core_leave(CORE_ACCESS);
  process_exit(-1);
}

/* Serves a page fault at ADDRESS in ring 0: a copy to or from user memory, or a bug. */
static void serve_kernel_fault(struct trap_frame *f, uint32_t address) {
  struct thread *self = thread_current();
  struct process *process = self->process;
  bool write = (f->error_code & PAGE_FAULT_WRITE) != 0;
  struct trap_frame probe = *f; /* Only a copy may be at fault; the frame stays as it is. */
  if (process == NULL || address >= USER_END || !usercopy_fixup(&probe, VM_ENOMAP)) {
    panic_set_frame(f);
    PANIC("page fault at 0x%x: %s error %s page in kernel context, eip 0x%x", address,
          f->error_code & PAGE_FAULT_PRESENT ? "rights violation" : "not present",
          write ? "writing" : "reading", f->eip);
  }
  int error = VM_ENOMAP;
  if (self->faults_disabled == 0)
    error = process_fault(address, write ? ACCESS_WRITE : ACCESS_READ);
  if (error != VM_OK) usercopy_fixup(f, error);
}

/* Serves all page faults.  The gate left interrupts off, so that no other fault could change CR2
   before it was read. */
static void page_fault(struct trap_frame *f) {
  uint32_t address = cpu_read_cr2();
  if (f->eflags & EFLAGS_IF) intr_enable();
  page_faults++;
  if (trap_from_user(f))
    serve_user_fault(f, address);
  else
    serve_kernel_fault(f, address);
}

/* Registers the entry. */
void page_fault_init(void) {
  intr_register_trap(VECTOR_PAGE_FAULT, INTR_GATE_OFF, page_fault, "#PF Page-Fault Exception");
}
