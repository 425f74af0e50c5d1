/* memcpy(), memmove() and memset() by string instructions, in place of lib/string.c's portable
   ones, and whole pages by SSE. */

        .text
        .globl memcpy, memmove, memset, memory_text_end

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

/* -- Whole pages: memory.h ----------------------------------------------------------------------- */

#define PAGE_SIZE 4096
#define PAGE_WORDS 1024
#define CHUNK     256 /* Bytes moved in one round. */
#define CR0_EM_TS 0x0c

#define SSE_FREE  1 /* enum memory_sse. */

        .globl page_fill, page_copy, page_sse

        .bss
/* An enum memory_sse. */
page_sse:
        .byte 0

        .text
/* Opens the SSE registers and pushes CR0, by way of ecx. */
.macro OPEN_SSE
        movl %cr0, %ecx
        pushl %ecx
        andl $~CR0_EM_TS, %ecx
        movl %ecx, %cr0
.endm

/* Pops CR0, and so keeps ring 3 off the registers if it was. */
.macro CLOSE_SSE
        popl %ecx
        movl %ecx, %cr0
.endm

/* void page_fill(void *page, uint32_t word). */
page_fill:
        cmpb $SSE_FREE, page_sse
        jne page_fill_otherwise
page_fill_by_sse:
        movl 4(%esp), %edx
        OPEN_SSE
        movss 12(%esp), %xmm0
        shufps $0, %xmm0, %xmm0
        leal PAGE_SIZE(%edx), %ecx
1:
        .set offset, 0
.rept CHUNK / 16
        movaps %xmm0, offset(%edx)
        .set offset, offset + 16
.endr
        addl $CHUNK, %edx
        cmpl %ecx, %edx
        jne 1b
        CLOSE_SSE
        ret

/* Without SSE, or with what others have in the register on the stack meanwhile. */
page_fill_otherwise:
        jb 1f
        movl 4(%esp), %eax
        movl 8(%esp), %edx
        OPEN_SSE
        subl $16, %esp
        movups %xmm0, (%esp)
        pushl %edx
        pushl %eax
        call page_fill_by_sse
        movups 8(%esp), %xmm0
        addl $24, %esp
        CLOSE_SSE
        ret
1:      pushl %edi
        movl 8(%esp), %edi
        movl 12(%esp), %eax
        movl $PAGE_WORDS, %ecx
        rep stosl
        popl %edi
        ret

/* void page_copy(void *dst, const void *src). */
page_copy:
        cmpb $SSE_FREE, page_sse
        jne page_copy_otherwise
page_copy_by_sse:
        pushl %esi
        pushl %edi
        movl 12(%esp), %edi
        movl 16(%esp), %esi
        OPEN_SSE
        leal PAGE_SIZE(%edi), %ecx
1:
        .set offset, 0
.rept CHUNK / 64
        movaps offset(%esi), %xmm0
        movaps (offset + 16)(%esi), %xmm1
        movaps (offset + 32)(%esi), %xmm2
        movaps (offset + 48)(%esi), %xmm3
        movaps %xmm0, offset(%edi)
        movaps %xmm1, (offset + 16)(%edi)
        movaps %xmm2, (offset + 32)(%edi)
        movaps %xmm3, (offset + 48)(%edi)
        .set offset, offset + 64
.endr
        addl $CHUNK, %esi
        addl $CHUNK, %edi
        cmpl %ecx, %edi
        jne 1b
        CLOSE_SSE
        popl %edi
        popl %esi
        ret

/* Without SSE, or with what others have in the four registers on the stack meanwhile. */
page_copy_otherwise:
        jb 1f
        movl 4(%esp), %eax
        movl 8(%esp), %edx
        OPEN_SSE
        subl $64, %esp
        movups %xmm0, (%esp)
        movups %xmm1, 16(%esp)
        movups %xmm2, 32(%esp)
        movups %xmm3, 48(%esp)
        pushl %edx
        pushl %eax
        call page_copy_by_sse
        addl $8, %esp
        movups (%esp), %xmm0
        movups 16(%esp), %xmm1
        movups 32(%esp), %xmm2
        movups 48(%esp), %xmm3
        addl $64, %esp
        CLOSE_SSE
        ret
1:      pushl %esi
        pushl %edi
        movl 12(%esp), %edi
        movl 16(%esp), %esi
        movl $PAGE_WORDS, %ecx
        rep movsl
        popl %edi
        popl %esi
        ret
memory_text_end:
