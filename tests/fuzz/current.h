/* Included before every file of the kernel that is built for fuzzing.  The kernel finds the running
   thread by its stack pointer; threads of the host stand elsewhere. */
#ifndef TESTS_FUZZ_CURRENT_H
#define TESTS_FUZZ_CURRENT_H

void *kernel_stack(void);
#define __builtin_frame_address(LEVEL) kernel_stack()

#endif
