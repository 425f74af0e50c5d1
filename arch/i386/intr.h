/* Interrupts and traps: the one way from the machine into the kernel.

   - To serve a device: intr_register_irq().  The handler runs with interrupts off and may not
     sleep; it may wake threads.
   - To serve an exception or a software interrupt: intr_register_trap().
   - To keep interrupts out for a few instructions: intr_disable() and intr_restore().
   After every interrupt the handler set by intr_set_return_hook() runs (the scheduler's chance to
   preempt); `arch` itself knows no thread. */
#ifndef ARCH_I386_INTR_H
#define ARCH_I386_INTR_H

#include <stdbool.h>
#include <stdint.h>

#include "arch/i386/cpu.h"

/* The registers of the interrupted code, as the entry stubs push them. */
struct trap_frame {
  uint32_t edi, esi, ebp, esp_unused, ebx, edx, ecx, eax; /* PUSHA */
  uint16_t gs, pad_gs, fs, pad_fs, es, pad_es, ds, pad_ds;
  uint32_t vector;
  uint32_t error_code; /* 0 where the processor pushes none. */
  uint32_t eip;
  uint16_t cs, pad_cs;
  uint32_t eflags;
  uint32_t esp; /* From here on only if the processor came from ring 3. */
  uint16_t ss, pad_ss;
};

typedef void trap_handler(struct trap_frame *frame);

#define INTR_VECTORS      64   /* Those that can be registered; ring 3 gets #GP for all above. */
#define INTR_DOUBLE_FAULT 8    /* Its handler must not return. */
#define INTR_IRQ_BASE     0x20 /* Vectors 0x20 to 0x2f are IRQs 0 to 15. */

enum intr_gate {
  INTR_GATE_OFF,    /* Handler starts with interrupts off. */
  INTR_GATE_ON,     /* Handler starts with interrupts as they were. */
  INTR_GATE_USER_ON /* As INTR_GATE_ON, and ring 3 may raise it with INT. */
};

/* Fills the interrupt table and sets up the interrupt controllers with all IRQs masked. */
void intr_init(void);
/* Sets who serves IRQ and unmasks it. */
void intr_register_irq(unsigned irq, trap_handler *handler, const char *name);
void intr_register_trap(unsigned vector, enum intr_gate gate, trap_handler *handler,
                        const char *name);
void intr_set_return_hook(void (*hook)(void));
/* HOOK runs where an IRQ returns to ring 3, interrupts off. */
void intr_set_user_return_hook(void (*hook)(void));
const char *intr_name(unsigned vector);

/* The interrupt flag. */
static inline bool intr_is_on(void) {
  return (cpu_read_eflags() & EFLAGS_IF) != 0;
}

/* Turns interrupts on. */
static inline void intr_enable(void) {
  __asm__ volatile("sti" : : : "memory");
}

/* Turns interrupts off and returns whether they were on, for intr_restore(). */
static inline bool intr_disable(void) {
  bool were_on = intr_is_on();
  __asm__ volatile("cli" : : : "memory");
  return were_on;
}

/* The counterpart of intr_disable(). */
static inline void intr_restore(bool were_on) {
  if (were_on) intr_enable();
}

/* True while an IRQ handler runs: they do not nest. */
extern bool intr_serving_irq;
static inline bool intr_in_irq(void) {
  return intr_serving_irq;
}

/* True if FRAME was pushed in ring 3, or in virtual 8086 mode, where CS is no selector: only ring 0
   may enter that, but QEMU lets any IRET do so. */
static inline bool trap_from_user(const struct trap_frame *frame) {
  return (frame->cs & 3) == 3 || (frame->eflags & EFLAGS_VM) != 0;
}

/* Makes FRAME the start of a user program at EIP with stack pointer ESP: flat user segments,
   interrupts on, no I/O rights, all other registers 0. */
void trap_frame_init(struct trap_frame *frame, uint32_t eip, uint32_t esp);

/* Drops into ring 3 at the registers in FRAME; never returns. */
_Noreturn void intr_return_to(const struct trap_frame *frame);

/* Private to arch: the double-fault task's way to the handler of its vector. */
_Noreturn void intr_dispatch_fatal(struct trap_frame *frame);

#endif
