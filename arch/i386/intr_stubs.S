/* Where the processor enters the kernel, and the one way back.

   Each stub pushes an error code where the processor did not, and its vector; the common part
   completes struct trap_frame (intr.h) and calls the handler with its address.  These paths are
   counted in instructions: a system call passes here twice. */
#include "arch/i386/segment.h"

#define INTR_VECTORS  64
#define INTR_IRQ_BASE 0x20
#define FRAME_VECTOR  48 /* Offsets in struct trap_frame, and of what follows EBP's slot. */
#define FRAME_EIP     56

/* Pushes the rest of the frame, gives the kernel its segments, and links the interrupted code into
   the chain of frame pointers, as if it had called the handler.  Leaves the frame's address as the
   argument of the call that follows.  Segments are loaded in any case: an interrupt may come in
   ring 0 while a user's are already back. */
.macro ENTER
        pushl %ds
        pushl %es
        pushl %fs
        pushl %gs
        pushal
        cld
        movl $SEL_KERNEL_DATA, %eax
        movl %eax, %ds
        movl %eax, %es
        movl %esp, %ecx
        pushl FRAME_EIP(%ecx)
        pushl %ebp
        movl %esp, %ebp
        pushl %ecx
.endm

        .text
        .balign 16
trap_entry:
        ENTER
        movl FRAME_VECTOR(%ecx), %edx
        call *intr_handlers(, %edx, 4)
        addl $12, %esp
trap_leave:
        popal
        popl %gs
        popl %fs
        popl %es
        popl %ds
        addl $8, %esp
        iretl

        .balign 16
irq_entry:
        ENTER
        call intr_dispatch_irq
        addl $12, %esp
        jmp trap_leave

/* void intr_return_to(const struct trap_frame *frame): see intr.h.  With interrupts off nothing is
   pushed below FRAME, wherever it lies. */
        .globl intr_return_to
intr_return_to:
        cli
        movl 4(%esp), %esp
        jmp trap_leave

/* One stub.  The processor pushes an error code for vectors 8, 10 to 14 and 17. */
.macro STUB vector
        .section .rodata
        .long stub_\vector
        .text
stub_\vector:
.if (\vector != 8) && (\vector < 10 || \vector > 14) && (\vector != 17)
        pushl $0
.endif
        pushl $\vector
.if (\vector >= INTR_IRQ_BASE) && (\vector < (INTR_IRQ_BASE + 16))
        jmp irq_entry
.else
        jmp trap_entry
.endif
.endm

        .section .rodata
        .balign 4
        .globl intr_stubs
intr_stubs:
        .altmacro
        .set vector, 0
.rept INTR_VECTORS
        STUB %vector
        .set vector, vector + 1
.endr
