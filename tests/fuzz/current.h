/* Included before every file of the kernel that is built for fuzzing.  The kernel finds the running
   thread by its stack pointer; threads of the host stand elsewhere.  And there are no interrupts. */
#ifndef TESTS_FUZZ_CURRENT_H
#define TESTS_FUZZ_CURRENT_H

void *kernel_stack(void);
#define __builtin_frame_address(LEVEL) kernel_stack()

#define intr_disable                   machine_intr_disable
#define intr_restore                   machine_intr_restore
#define intr_is_on                     machine_intr_is_on
#include "arch/i386/intr.h"
#undef intr_disable
#undef intr_restore
#undef intr_is_on

/* None can come. */
static inline bool intr_disable(void) {
  return false;
}

/* They are as if off. */
static inline bool intr_is_on(void) {
  return false;
}

/* The counterpart. */
static inline void intr_restore(bool were_on) {
  (void)were_on;
}

#endif
