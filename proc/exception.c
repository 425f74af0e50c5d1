/* Exceptions: page faults go to the VM; what it cannot resolve, and all others, end the program
   that raised them. */
#include "arch/i386/cpu.h"
#include "arch/i386/intr.h"
#include "arch/i386/usercopy.h"
#include "kern/print.h"
#include "lib/printf.h"
#include "lib/round.h"
#include "proc/terminate.h"
#include "vm/addrspace.h"
#include "vm/error.h"
#include "vm/fault.h"

#define VECTOR_NO_FPU     7
#define VECTOR_PAGE_FAULT 14

/* Error code of a page fault (Intel SDM 3, "Page-Fault Exception"). */
enum { PAGE_FAULT_PRESENT = 1, PAGE_FAULT_WRITE = 2 };

static uint32_t page_faults; /* The processor's count; preemption may lose one, no matter. */

/* Page faults since boot. */
uint32_t exception_page_faults(void) {
  return page_faults;
}

/* Says what the running process did at F, an exception of its own.  FIRST_LINE, which may be empty,
   comes before the registers; all is one piece of output. */
static void report(const struct trap_frame *f, const char *first_line, uint32_t cr2) {
  const char *name = process_current()->name, *what = intr_name(f->vector);
  kprintf("%s"
          "%s: dying due to interrupt 0x%02x (%s).\n"
          "Interrupt 0x%02x (%s) at eip=0x%x\n"
          " cr2=%08x error=%08x\n"
          " eax=%08x ebx=%08x ecx=%08x edx=%08x\n"
          " esi=%08x edi=%08x esp=%08x ebp=%08x\n"
          " cs=%04x ds=%04x es=%04x ss=%04x\n",
          first_line, name, f->vector, what, f->vector, what, f->eip, cr2, f->error_code, f->eax,
          f->ebx, f->ecx, f->edx, f->esi, f->edi, f->esp, f->ebp, f->cs, f->ds, f->es, f->ss);
}

/* Serves a page fault at ADDRESS in ring 3. */
static void serve_user_fault(const struct trap_frame *f, uint32_t address) {
  struct addrspace *as = process_current()->as;
  bool write = (f->error_code & PAGE_FAULT_WRITE) != 0;
  as->user_esp = f->esp;
  int error = process_fault(address, write ? ACCESS_WRITE : ACCESS_READ);
  switch (error) {
  case VM_OK: terminate_check(process_current()); return;
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
  report(f, line, address);
  process_explain(error, address, write);
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

/* Serves an exception that nothing can be done about. */
static void serve_exception(struct trap_frame *f) {
  if (trap_from_user(f)) {
    report(f, "", cpu_read_cr2());
    process_exit(-1);
  }
  panic_set_frame(f);
  PANIC("interrupt 0x%02x (%s) in the kernel, error code 0x%x, eip 0x%x", f->vector,
        intr_name(f->vector), f->error_code, f->eip);
}

/* Serves an instruction of the floating-point unit, which is closed: the first of the running process
   since it was switched to. */
static void use_fpu(struct trap_frame *f) {
  if (!trap_from_user(f) || !process_use_fpu(f)) serve_exception(f);
}

/* Serves a double fault, which is the kernel's whoever ran. */
static void double_fault(struct trap_frame *f) {
  panic_set_frame(f);
  PANIC("double fault, eip 0x%x, esp 0x%x, cr2 0x%x", f->eip, f->esp, cpu_read_cr2());
}

/* Registers all exceptions that a program can raise.  INT3, INTO and BOUND are instructions for
   ring 3, hence their gates. */
void exception_init(void) {
  static const struct {
    uint8_t vector, gate;
    const char *name;
  } exceptions[] = {
      {0, INTR_GATE_ON, "#DE Divide Error"},
      {1, INTR_GATE_ON, "#DB Debug Exception"},
      {3, INTR_GATE_USER_ON, "#BP Breakpoint Exception"},
      {4, INTR_GATE_USER_ON, "#OF Overflow Exception"},
      {5, INTR_GATE_USER_ON, "#BR BOUND Range Exceeded Exception"},
      {6, INTR_GATE_ON, "#UD Invalid Opcode Exception"},
      {10, INTR_GATE_ON, "#TS Invalid TSS Exception"},
      {11, INTR_GATE_ON, "#NP Segment Not Present"},
      {12, INTR_GATE_ON, "#SS Stack Fault Exception"},
      {13, INTR_GATE_ON, "#GP General Protection Exception"},
      {16, INTR_GATE_ON, "#MF x87 FPU Floating-Point Error"},
      {17, INTR_GATE_ON, "#AC Alignment Check Exception"},
      {19, INTR_GATE_ON, "#XF SIMD Floating-Point Exception"},
  };
  for (unsigned i = 0; i < ARRAY_SIZE(exceptions); i++)
    intr_register_trap(exceptions[i].vector, exceptions[i].gate, serve_exception,
                       exceptions[i].name);
  intr_register_trap(VECTOR_NO_FPU, INTR_GATE_ON, use_fpu, "#NM Device Not Available Exception");
  intr_register_trap(INTR_DOUBLE_FAULT, INTR_GATE_OFF, double_fault, "#DF Double Fault");
  intr_register_trap(VECTOR_PAGE_FAULT, INTR_GATE_OFF, page_fault, "#PF Page-Fault Exception");
}
