/* Interrupts and traps: the gate table and who serves what. */
#include "arch/i386/intr.h"

#include <stddef.h>

#include "arch/i386/cpu.h"
#include "arch/i386/pic.h"
#include "arch/i386/segment.h"
#include "lib/debug.h"
#include "lib/round.h"

/* Type bytes of gates (IA-32 manual, volume 3, 6.11). */
#define GATE_TASK      0x85
#define GATE_INTERRUPT 0x8e
#define GATE_TRAP      0x8f
#define GATE_RING_3    0x60

/* The processor can have that many.  All are there, because ring 3 can try each by INT and some
   emulators die of one that is not; those that nobody can register share the last entry point. */
#define GATES 256

struct gate {
  uint16_t offset_low;
  uint16_t selector;
  uint8_t zero;
  uint8_t type;
  uint16_t offset_high;
};

/* Entry points of intr_stubs.S, by vector; it calls through intr_handlers and, for IRQs,
   intr_dispatch_irq(). */
extern const uint32_t intr_stubs[INTR_VECTORS];
extern trap_handler *intr_handlers[INTR_VECTORS];
void intr_dispatch_irq(struct trap_frame *frame);

trap_handler *intr_handlers[INTR_VECTORS];
static const char *names[INTR_VECTORS];
static struct gate gates[GATES];
static void (*return_hook)(void);
static void (*user_return_hook)(void);
bool intr_serving_irq;

/* Serves every vector that nobody registered.  Ring 3 cannot reach one: its exceptions are all
   registered before the first program runs. */
static void serve_unexpected(struct trap_frame *frame) {
  PANIC("unexpected interrupt 0x%02x (%s), error code 0x%x, eip 0x%x, cr2 0x%x",
        (unsigned)frame->vector, intr_name(frame->vector), (unsigned)frame->error_code,
        (unsigned)frame->eip, (unsigned)cpu_read_cr2());
}

/* Makes VECTOR enter its stub through a gate of TYPE. */
static void gate_set(unsigned vector, uint8_t type) {
  uint32_t offset = intr_stubs[MIN(vector, INTR_VECTORS - 1)];
  gates[vector] = (struct gate){
      .offset_low = (uint16_t)offset,
      .selector = SEL_KERNEL_CODE,
      .type = type,
      .offset_high = (uint16_t)(offset >> 16),
  };
}

/* The return hooks are the scheduler's and those who can be killed, and come later; until then
   interrupts just return. */
static void hook_nothing(void) {
}

/* All gates exist from the start, so that an exception nobody expects is told by name; the double
   fault's leads to its own task. */
void intr_init(void) {
  return_hook = user_return_hook = hook_nothing;
  for (unsigned vector = 0; vector < GATES; vector++) gate_set(vector, GATE_INTERRUPT);
  for (unsigned vector = 0; vector < INTR_VECTORS; vector++) {
    intr_handlers[vector] = serve_unexpected;
  }
  gates[INTR_DOUBLE_FAULT] = (struct gate){.selector = SEL_DOUBLE_FAULT, .type = GATE_TASK};
  struct {
    uint16_t limit;
    uint32_t base;
  } __attribute__((packed)) pointer = {sizeof gates - 1, (uint32_t)(uintptr_t)gates};
  __asm__ volatile("lidt %0" : : "m"(pointer));
  pic_init(INTR_IRQ_BASE);
}

/* An IRQ has one handler; its gate keeps interrupts off. */
void intr_register_irq(unsigned irq, trap_handler *handler, const char *name) {
  ASSERT(irq < PIC_IRQS && intr_handlers[INTR_IRQ_BASE + irq] == serve_unexpected);
  bool were_on = intr_disable();
  intr_handlers[INTR_IRQ_BASE + irq] = handler;
  names[INTR_IRQ_BASE + irq] = name;
  pic_unmask(irq);
  intr_restore(were_on);
}

/* The gate of a double fault stays the task's, whatever GATE says. */
void intr_register_trap(unsigned vector, enum intr_gate gate, trap_handler *handler,
                        const char *name) {
  ASSERT(vector < INTR_VECTORS && vector - INTR_IRQ_BASE >= PIC_IRQS);
  intr_handlers[vector] = handler;
  names[vector] = name;
  if (vector == INTR_DOUBLE_FAULT) return;
  uint8_t type = gate == INTR_GATE_OFF ? GATE_INTERRUPT : GATE_TRAP;
  if (gate == INTR_GATE_USER_ON) type |= GATE_RING_3;
  gate_set(vector, type);
}

/* HOOK runs with interrupts off, outside the IRQ: it may switch threads. */
void intr_set_return_hook(void (*hook)(void)) {
  return_hook = hook;
}

/* HOOK runs as the other does, and after it: it may end the thread. */
void intr_set_user_return_hook(void (*hook)(void)) {
  user_return_hook = hook;
}

/* The name VECTOR was registered with. */
const char *intr_name(unsigned vector) {
  return vector < INTR_VECTORS && names[vector] != NULL ? names[vector] : "unknown";
}

/* Serves the IRQ in FRAME with interrupts off.  The controller is told first, because the hook may
   switch to a thread that returns to its own, earlier interrupt. */
void intr_dispatch_irq(struct trap_frame *frame) {
  if (!pic_acknowledge(frame->vector - INTR_IRQ_BASE)) return;
  intr_serving_irq = true;
  intr_handlers[frame->vector](frame);
  intr_serving_irq = false;
  return_hook();
  if (trap_from_user(frame)) user_return_hook();
}

/* FRAME is a double fault's; nothing can go on after it. */
_Noreturn void intr_dispatch_fatal(struct trap_frame *frame) {
  intr_handlers[frame->vector](frame);
  PANIC("a handler returned from interrupt 0x%02x", (unsigned)frame->vector);
}

/* I/O privilege 0 and no map in the task state: ring 3 has no ports. */
void trap_frame_init(struct trap_frame *frame, uint32_t eip, uint32_t esp) {
  *frame = (struct trap_frame){
      .gs = SEL_USER_DATA,
      .fs = SEL_USER_DATA,
      .es = SEL_USER_DATA,
      .ds = SEL_USER_DATA,
      .eip = eip,
      .cs = SEL_USER_CODE,
      .eflags = EFLAGS_FIXED | EFLAGS_IF,
      .esp = esp,
      .ss = SEL_USER_DATA,
  };
}
