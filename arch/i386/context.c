/* Kernel stacks: the first frames of a new one, and the way back through those of an old one. */
#include "arch/i386/context.h"

#include <stdbool.h>
#include <stddef.h>

#include "arch/i386/intr.h"
#include "arch/i386/machine.h"
#include "arch/i386/memory.h"
#include "arch/i386/pmap.h"
#include "lib/string.h"

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

/* True if EIP lies in the code from START to END. */
static bool is_between(uint32_t eip, const char *start, const char *end) {
  return eip >= (uint32_t)(uintptr_t)start && eip < (uint32_t)(uintptr_t)end;
}

/* True if EIP lies in the kernel's code. */
static bool is_kernel_text(uint32_t eip) {
  return is_between(eip, kernel_start, kernel_text_end);
}

/* Follows the chain of frame pointers from EBP, which must go up within one stack block of the
   kernel; whatever a user left in ebp ends it.  Stores at most MAX return addresses in EIPS. */
unsigned backtrace_collect_from(uint32_t ebp, uint32_t *eips, unsigned max) {
  uint32_t end = (ebp & ~(uint32_t)(KERNEL_STACK_SIZE - 1)) + KERNEL_STACK_SIZE - 8;
  unsigned count = 0;
  bool in_ram = ebp >= (uint32_t)(uintptr_t)kernel_start && ebp - KERNEL_BASE < machine_ram_end();
  if (!in_ram && !pmap_window_has(ebp)) return 0;
  while (count < max && ebp % 4 == 0 && ebp <= end) {
    const uint32_t *frame = (const uint32_t *)(uintptr_t)ebp;
    if (!is_kernel_text(frame[1])) break;
    eips[count++] = frame[1];
    if (frame[0] <= ebp) break;
    ebp = frame[0];
  }
  return count;
}

/* In the functions of memory.S, and after a jump to what is no code, the return address is still the
   last word pushed. */
unsigned backtrace_collect_trap(const struct trap_frame *frame, uint32_t *eips, unsigned max) {
  unsigned count = 0;
  const uint32_t *top = &frame->esp; /* In ring 0 the interrupted stack begins here. */
  bool has_frame =
      is_kernel_text(frame->eip) && !is_between(frame->eip, (const char *)memcpy, memory_text_end);
  eips[count++] = frame->eip;
  if (!has_frame && frame->vector != INTR_DOUBLE_FAULT && is_kernel_text(*top))
    eips[count++] = *top;
  return count + backtrace_collect_from(frame->ebp, eips + count, max - count);
}
