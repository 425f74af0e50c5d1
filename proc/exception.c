/* Exceptions other than page faults: each ends the program that raised it, but for the first use of the
   floating-point unit. */
#include "arch/i386/cpu.h"
#include "arch/i386/fpu.h"
#include "arch/i386/intr.h"
#include "kern/print.h"
#include "lib/debug.h"
#include "lib/round.h"
#include "proc/core.h"
#include "proc/process_priv.h"
#include "vm/error.h"

#define VECTOR_NO_FPU 7

/* Says what the running process did at F, an exception of its own.  FIRST_LINE, which may be empty,
   comes before the registers; all is one piece of output. */
void process_report_exception(const struct trap_frame *f, const char *first_line, uint32_t cr2) {
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

/* What a core file says of exception VECTOR. */
static enum core_signal signal_of(uint32_t vector) {
  switch (vector) {
  case 0:
  case 16:
  case 19: return CORE_ARITHMETIC;
  case 1:
  case 3: return CORE_TRAP;
  case 6:
  case VECTOR_NO_FPU: return CORE_ILLEGAL;
  default: return CORE_ACCESS;
  }
}

/* Serves an exception that nothing can be done about. */
static void serve_exception(struct trap_frame *f) {
  if (trap_from_user(f)) {
    process_report_exception(f, "", cpu_read_cr2());
    core_leave(signal_of(f->vector));
    process_exit(-1);
  }
  panic_set_frame(f);
  PANIC("interrupt 0x%02x (%s) in the kernel, error code 0x%x, eip 0x%x", f->vector,
        intr_name(f->vector), f->error_code, f->eip);
}

/* Serves an instruction of the floating-point unit, which is closed: the first of the running process
   since it was switched to. */
static void use_fpu(struct trap_frame *f) {
  if (!trap_from_user(f) || !fpu_exists()) {
    serve_exception(f);
    return;
  }
  int error = process_use_fpu();
  if (error != VM_OK) process_kill(error, f->eip);
}

/* Serves a double fault, which is the kernel's whoever ran. */
static void double_fault(struct trap_frame *f) {
  panic_set_frame(f);
  PANIC("double fault, eip 0x%x, esp 0x%x, cr2 0x%x", f->eip, f->esp, cpu_read_cr2());
}

/* Registers all of them that a program can raise.  INT3, INTO and BOUND are instructions for
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
}
