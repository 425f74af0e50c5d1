/* Kernel stacks: the first frames of a new one, and the way back through those of an old one. */
#include "arch/i386/context.h"

#include <stdbool.h>
#include <stddef.h>

#include "arch/i386/machine.h"
#include "arch/i386/pmap.h"

/* What context_switch() leaves on a stack, and for a new thread the call it returns into. */
struct switch_frame {
  uint32_t ebp, edi, esi, ebx;
  uint32_t eip;
  uint32_t return_address; /* Of ENTRY, which never returns: 0 ends backtraces. */
  void *aux;
  uint32_t unused; /* Keeps AUX off the very top. */
};

/* Lays out a switch_frame at the top of the stack that ends at TOP; the switch pops ebp = 0, which
   ends backtraces, and returns into ENTRY with AUX as its argument. */
void *context_prepare(void *top, void (*entry)(void *aux), void *aux) {
  struct switch_frame *frame = (struct switch_frame *)top - 1;
  *frame = (struct switch_frame){.eip = (uint32_t)(uintptr_t)entry, .aux = aux};
  return frame;
}

/* The ebp that context_switch() pushed at STACK_POINTER. */
uint32_t context_frame_pointer(const void *stack_pointer) {
  return ((const struct switch_frame *)stack_pointer)->ebp;
}

/* True if EIP lies in the kernel's code. */
static bool is_kernel_text(uint32_t eip) {
  return eip >= (uint32_t)(uintptr_t)kernel_start && eip < (uint32_t)(uintptr_t)kernel_text_end;
}

/* Follows the chain of frame pointers from EBP, which must go up within one stack block of the
   kernel; whatever a user left in ebp ends it.  Stores at most MAX return addresses in EIPS. */
unsigned backtrace_collect_from(uint32_t ebp, uint32_t *eips, unsigned max) {
  uint32_t end = (ebp & ~(uint32_t)(KERNEL_STACK_SIZE - 1)) + KERNEL_STACK_SIZE - 8;
  unsigned count = 0;
  if (ebp < (uint32_t)(uintptr_t)kernel_start || ebp - KERNEL_BASE >= machine_ram_end()) return 0;
  while (count < max && ebp % 4 == 0 && ebp <= end) {
    const uint32_t *frame = (const uint32_t *)(uintptr_t)ebp;
    if (!is_kernel_text(frame[1])) break;
    eips[count++] = frame[1];
    if (frame[0] <= ebp) break;
    ebp = frame[0];
  }
  return count;
}

/* Starts at the frame of the caller. */
__attribute__((noinline)) unsigned backtrace_collect(uint32_t *eips, unsigned max) {
  uint32_t ebp = (uint32_t)(uintptr_t)__builtin_frame_address(0);
  return backtrace_collect_from(ebp, eips, max);
}
