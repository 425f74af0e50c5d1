/* Copies between kernel and user memory: see usercopy.h.

   EXCEPTION puts a pair into the table that usercopy_fixup() searches: the address of an
   instruction that may fault, and where to go on if the fault cannot be resolved. */

.macro EXCEPTION at, go_on
        .section .extable, "a"
        .long \at, \go_on
        .text
.endm

        .text
        .globl usercopy, usercopy_string

/* size_t usercopy(void *dst, const void *src, size_t size, int *error).  Words, then the up to three
   bytes left in edx.  A fault among the words is followed by bytes up to the very byte that faults;
   usercopy_fixup() leaves its error in eax. */
usercopy:
        pushl %esi
        pushl %edi
        movl 12(%esp), %edi
        movl 16(%esp), %esi
        movl 20(%esp), %edx
        movl %edx, %ecx
        shrl $2, %ecx
        andl $3, %edx
1:      rep movsl
        movl %edx, %ecx
2:      rep movsb
3:      movl %ecx, %eax
        popl %edi
        popl %esi
        ret
4:      leal (%edx, %ecx, 4), %ecx
        jmp 2b
5:      movl 24(%esp), %edx
        movl %eax, (%edx)
        jmp 3b
        EXCEPTION 1b, 4b
        EXCEPTION 2b, 5b

/* long usercopy_string(char *dst, const char *src, size_t size). */
usercopy_string:
        pushl %esi
        pushl %edi
        movl 12(%esp), %edi
        movl 16(%esp), %esi
        movl 20(%esp), %ecx
        jecxz 3f
1:      lodsb
        stosb
        testb %al, %al
        jz 2f
        decl %ecx
        jnz 1b
        jmp 3f
2:      decl %edi /* The terminator does not count. */
3:      movl %edi, %eax
        subl 12(%esp), %eax
4:      popl %edi
        popl %esi
        ret
        EXCEPTION 1b, 4b /* With its error in eax. */
