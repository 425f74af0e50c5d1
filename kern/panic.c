/* The end of a kernel that found a bug in itself, and what it says then.

   Nothing here takes a lock, allocates memory, or relies on more than it must: whatever else is
   broken, the first lines come out.  If the report itself fails, it ends with one line. */
#include <stdarg.h>
#include "arch/i386/context.h"
#include "arch/i386/cpu.h"
#include "arch/i386/intr.h"
#include "arch/i386/machine.h"
#include "kern/print.h"
#include "kern/sched.h"
#include "lib/debug.h"
#include "lib/round.h"

#define STACK_MAX   32
#define THREADS_MAX 200 /* More are not shown: the list may be broken. */
#define VECTOR_NMI  2

static unsigned depth; /* Panics so far. */
static void (*hook)(void);
static bool reboots;
static const struct trap_frame *exception_frame;

/* Notes what runs in a panic. */
void panic_set_hook(void (*report)(void)) {
  hook = report;
}

/* Makes a panic restart the machine. */
void panic_set_reboot(void) {
  reboots = true;
}

/* Notes the exception that a panic will be about. */
void panic_set_frame(const struct trap_frame *frame) {
  exception_frame = frame;
}

/* Prints the COUNT addresses at EIPS as a call stack. */
static void print_call_stack(const uint32_t *eips, unsigned count) {
  kprintf("Call stack:");
  for (unsigned i = 0; i < count; i++) kprintf(" 0x%08x", (unsigned)eips[i]);
  kprintf(".\n");
}

/* Leaves the machine. */
_Noreturn static void leave(void) {
  if (reboots) machine_reboot();
  machine_exit(PANIC_EXIT_STATUS);
}

/* Prints the registers in FRAME; the processor pushes esp and ss only from ring 3, and for a double
   fault they were saved as well. */
static void print_registers(const struct trap_frame *frame) {
  bool has_esp = trap_from_user(frame) || frame->vector == INTR_DOUBLE_FAULT;
  uint32_t esp = has_esp ? frame->esp : (uint32_t)(uintptr_t)&frame->esp;
  kprintf("Interrupt 0x%02x (%s) at eip=0x%x, error code 0x%x\n"
          " cr2=%08x eflags=%08x\n"
          " eax=%08x ebx=%08x ecx=%08x edx=%08x\n"
          " esi=%08x edi=%08x esp=%08x ebp=%08x\n"
          " cs=%04x ds=%04x es=%04x fs=%04x gs=%04x\n",
          (unsigned)frame->vector, intr_name(frame->vector), (unsigned)frame->eip,
          (unsigned)frame->error_code, (unsigned)cpu_read_cr2(), (unsigned)frame->eflags,
          (unsigned)frame->eax, (unsigned)frame->ebx, (unsigned)frame->ecx, (unsigned)frame->edx,
          (unsigned)frame->esi, (unsigned)frame->edi, (unsigned)esp, (unsigned)frame->ebp,
          frame->cs, frame->ds, frame->es, frame->fs, frame->gs);
  if (frame->vector == INTR_DOUBLE_FAULT && esp < (uint32_t)(uintptr_t)(thread_current() + 1))
    kprintf("esp lies below the stack of thread %u, which overflowed.\n",
            (unsigned)thread_current()->id);
}

/* Prints the call stack that led to the exception at FRAME. */
static void print_frame_stack(const struct trap_frame *frame) {
  uint32_t eips[STACK_MAX];
  unsigned count = backtrace_collect_trap(frame, eips, ARRAY_SIZE(eips));
  print_call_stack(eips, count);
}

/* Prints the call stack of a panic whose caller's frame is found from EBP.  If it is about an
   exception, the place of that is meant; a double fault is even reported on another stack. */
static void print_panic_stack(uint32_t ebp) {
  if (exception_frame != NULL) {
    print_frame_stack(exception_frame);
    print_registers(exception_frame);
    return;
  }
  uint32_t eips[STACK_MAX];
  unsigned count = backtrace_collect_from(ebp, eips, ARRAY_SIZE(eips));
  print_call_stack(eips, count);
}

/* What a report of threads is to hold, and what it held so far. */
struct listing {
  bool with_stacks;
  unsigned count;
};

/* Prints the line of THREAD for the listing at AUX. */
static void print_thread(struct thread *thread, void *aux) {
  static const char *const states[] = {"running", "ready", "waiting", "dying"};
  struct listing *listing = aux;
  if (++listing->count > THREADS_MAX) return;
  kprintf("  %s (thread %u): ", thread->name, (unsigned)thread->id);
  kprintf("%s", thread->state < ARRAY_SIZE(states) ? states[thread->state] : "in no known state");
  if (thread->waiting_for != NULL)
    kprintf(" for %s at %p", thread->waiting_for, thread->waiting_object);
  if (thread->ranks_held != 0) kprintf(", holds locks of ranks 0x%x", (unsigned)thread->ranks_held);
  kprintf("\n");
  if (!listing->with_stacks || thread == thread_current()) return;
  uint32_t eips[STACK_MAX];
  uint32_t ebp = context_frame_pointer(thread->stack_pointer);
  kprintf("    ");
  unsigned count = backtrace_collect_from(ebp, eips, ARRAY_SIZE(eips));
  print_call_stack(eips, count);
}

/* Prints a line for each thread, WITH_STACKS also the call stack of those that do not run. */
static void list_threads(bool with_stacks) {
  struct listing listing = {.with_stacks = with_stacks};
  kprintf("Threads:\n");
  thread_for_each(print_thread, &listing);
}

/* Prints a line for each thread. */
static void print_threads(void) {
  list_threads(false);
}

/* Prints "Kernel PANIC at FILE:LINE in FUNCTION(): MESSAGE" and all that may help, and leaves. */
void debug_panic(const char *file, int line, const char *function, const char *format, ...) {
  intr_disable();
  depth++;
  if (depth > 2) leave();
  print_start_line();
  kprintf(depth == 1 ? "Kernel PANIC at %s:%d in %s(): " : "The report failed at %s:%d in %s(): ",
          file, line, function);
  va_list args;
  va_start(args, format);
  kvprintf(format, args);
  va_end(args);
  kprintf("\n");
  if (depth > 1) leave();
  print_panic_stack((uint32_t)(uintptr_t)__builtin_frame_address(0));
  if (hook != NULL) hook();
  print_threads();
  leave();
}

/* Serves an exception for which nobody has a better answer. */
static void serve_exception(struct trap_frame *frame) {
  panic_set_frame(frame);
  PANIC("interrupt 0x%02x (%s) at eip 0x%x", (unsigned)frame->vector, intr_name(frame->vector),
        (unsigned)frame->eip);
}

/* Serves a non-maskable interrupt, by which the launcher asks a hung system what it is doing. */
static void serve_nmi(struct trap_frame *frame) {
  print_start_line();
  kprintf("Non-maskable interrupt in %s mode at eip 0x%x, thread %u (%s).\n",
          trap_from_user(frame) ? "user" : "kernel", (unsigned)frame->eip,
          (unsigned)thread_current()->id, thread_current()->name);
  if (!trap_from_user(frame)) print_frame_stack(frame);
  if (hook != NULL) hook();
  list_threads(true);
}

/* Registers both, with interrupts off while they are served. */
void panic_init(void) {
  static const struct {
    unsigned vector;
    const char *name;
  } exceptions[] = {
      {0, "#DE Divide Error"},
      {1, "#DB Debug Exception"},
      {3, "#BP Breakpoint Exception"},
      {6, "#UD Invalid Opcode Exception"},
      {INTR_DOUBLE_FAULT, "#DF Double Fault"},
      {13, "#GP General Protection Exception"},
      {14, "#PF Page-Fault Exception"},
  };
  for (unsigned i = 0; i < ARRAY_SIZE(exceptions); i++)
    intr_register_trap(exceptions[i].vector, INTR_GATE_OFF, serve_exception, exceptions[i].name);
  intr_register_trap(VECTOR_NMI, INTR_GATE_OFF, serve_nmi, "NMI");
}
