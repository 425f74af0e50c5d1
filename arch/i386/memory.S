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

        .globl page_fill, page_copy, page_use_sse

        .bss
/* 1 if the processor has SSE and its registers were made available. */
page_use_sse:
        .byte 0

        .text
/* void page_fill(void *page, uint32_t word).  CR0 keeps ring 3 off the registers, and is put back as
   it was. */
page_fill:
        movl 4(%esp), %edx
        cmpb $0, page_use_sse
        je 2f
        movl %cr0, %ecx
        pushl %ecx
        andl $~CR0_EM_TS, %ecx
        movl %ecx, %cr0
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
        popl %ecx
        movl %ecx, %cr0
        ret
2:      pushl %edi
        movl %edx, %edi
        movl 12(%esp), %eax
        movl $PAGE_WORDS, %ecx
        rep stosl
        popl %edi
        ret

/* void page_copy(void *dst, const void *src). */
page_copy:
        pushl %esi
        pushl %edi
        movl 12(%esp), %edi
        movl 16(%esp), %esi
        cmpb $0, page_use_sse
        je 2f
        movl %cr0, %edx
        movl %edx, %ecx
        andl $~CR0_EM_TS, %ecx
        movl %ecx, %cr0
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
        movl %edx, %cr0
        jmp 3f
2:      movl $PAGE_WORDS, %ecx
        rep movsl
3:      popl %edi
        popl %esi
        ret
memory_text_end:
