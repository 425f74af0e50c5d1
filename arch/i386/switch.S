/* The switch from one kernel stack to another. */

        .text
        .globl context_switch

/* void context_switch(void **save, void *load): see context.h. */
context_switch:
        movl 4(%esp), %eax
        movl 8(%esp), %edx
        pushl %ebx
        pushl %esi
        pushl %edi
        pushl %ebp
        movl %esp, (%eax)
        movl %edx, %esp
        popl %ebp
        popl %edi
        popl %esi
        popl %ebx
        ret
