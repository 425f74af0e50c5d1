/* Kernel stacks: switching between them, making the first one of a thread, looking at one.

   A kernel stack is the upper part of a block of KERNEL_STACK_SIZE bytes aligned to that size;
   what stands at the bottom of the block is its owner's business. */
#ifndef ARCH_I386_CONTEXT_H
#define ARCH_I386_CONTEXT_H

#include <stdint.h>

#define KERNEL_STACK_SIZE 8192

/* The block that the processor runs on from the first instruction to the first switch. */
extern char boot_stack[KERNEL_STACK_SIZE];

/* Saves the registers that a C function must keep on the running stack and its stack pointer in
   *SAVE, then goes on where the thread saved as LOAD left off.  Returns when something switches
   back.  Interrupts are off, before and after. */
void context_switch(void **save, void *load);

/* Builds a stack that ends at TOP so that the first switch to it calls ENTRY(AUX) with interrupts
   off; ENTRY must not return.  Returns the stack pointer for context_switch(). */
void *context_prepare(void *top, void (*entry)(void *aux), void *aux);

/* The return addresses on the stack of a sleeping thread from frame pointer EBP on, at most MAX of them, into
   EIPS; returns their number.  Stops at whatever does not look like a kernel stack. */
unsigned backtrace_collect_from(uint32_t ebp, uint32_t *eips, unsigned max);

/* The call stack that led to the trap at FRAME, which came in ring 0: the place of the trap first, then
   return addresses.  MAX is at least 2. */
struct trap_frame;
unsigned backtrace_collect_trap(const struct trap_frame *frame, uint32_t *eips, unsigned max);

/* The frame pointer of a thread that context_switch() saved as STACK_POINTER. */
uint32_t context_frame_pointer(const void *stack_pointer);

#endif
