/* memcpy(), memmove() and memset() by string instructions, in place of lib/string.c's portable
   ones: filling or copying a page takes 1,024 of them and a dozen others. */

        .text
        .globl memcpy, memmove, memset

/* void *memcpy(void *dst, const void *src, size_t size). */
memcpy:
        movl %edi, %eax
        movl %esi, %edx
        movl 12(%esp), %ecx
        movl 4(%esp), %edi
        movl 8(%esp), %esi
        shrl $2, %ecx
        rep movsl
        movl 12(%esp), %ecx
        andl $3, %ecx
        rep movsb
        movl %eax, %edi
        movl %edx, %esi
        movl 4(%esp), %eax
        ret

/* void *memmove(void *dst, const void *src, size_t size).  Only a destination that begins inside
   the source must be filled from its end; DF is clear again before anybody else runs. */
memmove:
        movl 4(%esp), %eax
        subl 8(%esp), %eax
        cmpl 12(%esp), %eax
        jae memcpy
        pushl %edi
        pushl %esi
        movl 12(%esp), %edi
        movl 16(%esp), %esi
        movl 20(%esp), %ecx
        leal -1(%edi, %ecx), %edi
        leal -1(%esi, %ecx), %esi
        std
        rep movsb
        cld
        popl %esi
        popl %edi
        movl 4(%esp), %eax
        ret

/* void *memset(void *dst, int byte, size_t size). */
memset:
        movl %edi, %edx
        movl 4(%esp), %edi
        movzbl 8(%esp), %eax
        imull $0x01010101, %eax, %eax
        movl 12(%esp), %ecx
        shrl $2, %ecx
        rep stosl
        movl 12(%esp), %ecx
        andl $3, %ecx
        rep stosb
        movl %edx, %edi
        movl 4(%esp), %eax
        ret
