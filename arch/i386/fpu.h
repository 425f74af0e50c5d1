/* The floating-point unit: the x87, MMX and SSE registers, which ring 3 gets when it asks for them.

   - The unit is closed (CR0.TS) until a program uses it.  The exception that this raises leads to
     fpu_open(), and every switch to another thread closes the unit again.
   - The registers stay in the unit when it is closed.  They belong to a state, its owner, and are
     saved there only when another state is opened.  So whoever uses no floating point costs a test
     at each switch, and nothing is saved or loaded for him.
   - The kernel's own copies of pages use some SSE registers (memory.h) and keep what the owner has
     there.  No other code of the kernel touches the unit.
   All but fpu_init() and fpu_exists() are called with preemption disabled. */
#ifndef ARCH_I386_FPU_H
#define ARCH_I386_FPU_H

#include <stdbool.h>
#include <stdint.h>

/* The registers of one program while they are not in the unit, as FXSAVE lays them out; where there is
   only FNSAVE it fills 108 bytes.  A block of kernel memory of this size is aligned as it must be. */
struct fpu_state {
  uint8_t bytes[512];
} __attribute__((aligned(16)));

/* Finds out what the processor has and makes it ready, closed.  Once, at boot. */
void fpu_init(void);
/* Whether there is a unit at all. */
bool fpu_exists(void);

/* Makes STATE that of a program that has just begun: as FNINIT leaves the unit, and all registers 0. */
void fpu_state_init(struct fpu_state *state);
/* Opens the unit to ring 3 with the registers of STATE; those of the owner before are saved. */
void fpu_open(struct fpu_state *state);
/* Copies the registers of SOURCE, wherever they are, to COPY. */
void fpu_copy(struct fpu_state *copy, struct fpu_state *source);
/* STATE is about to go: its registers in the unit are nobody's any more. */
void fpu_forget(struct fpu_state *state);

/* Private to fpu_leave(): closes the unit. */
void fpu_close(void);
/* Whether ring 3 may use the unit now: then it has the registers of the running thread. */
extern bool fpu_is_open;

/* The running thread is about to be left.  Interrupts off. */
static inline void fpu_leave(void) {
  if (fpu_is_open) fpu_close();
}

#endif
