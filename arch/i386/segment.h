/* Segments: flat code and data for rings 0 and 3, and the two task state segments.

   The processor switches tasks only for a double fault: an exception that cannot even be pushed
   (bad kernel stack) runs on a stack of its own and is then reported like any other trap, as
   vector 8, with the registers of the code that failed. */
#ifndef ARCH_I386_SEGMENT_H
#define ARCH_I386_SEGMENT_H

#define SEL_KERNEL_CODE  0x08
#define SEL_KERNEL_DATA  0x10
#define SEL_USER_CODE    0x1b
#define SEL_USER_DATA    0x23
#define SEL_TASK         0x28
#define SEL_DOUBLE_FAULT 0x30

#ifndef __ASSEMBLER__

/* Loads the segment registers and the task register.  The boot code calls it once. */
void segment_init(void);

/* Sets where a trap from ring 3 starts to push: the top of the running thread's stack. */
void segment_set_kernel_stack(void *top);

#endif
#endif
