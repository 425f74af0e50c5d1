/* From the boot loader to C.

   A multiboot loader enters at boot_entry with eax = 0x2BADB002 and ebx = the physical address of
   its information, in flat protected mode without paging, with interrupts off, and with no other
   promise.  The kernel is linked at KERNEL_BASE + 1 MB and loaded at 1 MB: until paging is on,
   every address is written as PHYSICAL(symbol). */
#include "arch/i386/segment.h"

#define PHYSICAL(ADDRESS) ((ADDRESS) - 0xc0000000)

#define MULTIBOOT_MAGIC        0x1badb002
#define MULTIBOOT_LOADED       0x2badb002
#define MULTIBOOT_WANTS        0x00000003 /* Modules page-aligned, memory size and map. */
#define MULTIBOOT_HAS_CMDLINE  0x00000004
#define MULTIBOOT_HAS_MAP      0x00000040
#define MULTIBOOT_HAS_NAME     0x00000200

/* Layout of struct boot_info in machine.c. */
#define BOOT_HEADER_SIZE  68
#define BOOT_MAP_SIZE     1024
#define BOOT_CMDLINE_SIZE 2048
#define BOOT_NAME_SIZE    8

#define PAGE_TABLE_BITS 0x003 /* Present, writable. */
#define CR0_BITS        0x8001000f /* PG, WP, TS, EM, MP, PE: see cpu.h. */

        .section .multiboot, "a"
        .balign 4
        .long MULTIBOOT_MAGIC, MULTIBOOT_WANTS, -(MULTIBOOT_MAGIC + MULTIBOOT_WANTS)

        .text
        .globl boot_entry, boot_entry_physical
        .set boot_entry_physical, PHYSICAL(boot_entry)

/* Sets up a stack, clears .bss, saves what the loader tells, turns paging on with the first 4 MB
   at 0 and at KERNEL_BASE, and goes on in the upper half. */
boot_entry:
        cli
        cld
        movl %eax, %ebp
        lgdt PHYSICAL(boot_gdt_pointer)
        movl $SEL_KERNEL_DATA, %eax
        movl %eax, %ds
        movl %eax, %es
        movl %eax, %fs
        movl %eax, %gs
        movl %eax, %ss
        ljmp $SEL_KERNEL_CODE, $PHYSICAL(1f)
1:
        movl $PHYSICAL(bss_start), %edi
        movl $PHYSICAL(kernel_end), %ecx
        subl %edi, %ecx
        shrl $2, %ecx
        xorl %eax, %eax
        rep stosl
        movl $PHYSICAL(boot_stack + 8192), %esp

        cmpl $MULTIBOOT_LOADED, %ebp
        jne 2f
        call boot_save_info
2:
        /* Every page of the first 4 MB, then the directory's two entries for them. */
        movl $PHYSICAL(boot_page_table), %edi
        movl $PAGE_TABLE_BITS, %eax
3:
        stosl
        addl $4096, %eax
        cmpl $(0x400000 + PAGE_TABLE_BITS), %eax
        jb 3b
        movl $PHYSICAL(boot_page_table) + PAGE_TABLE_BITS, %eax
        movl %eax, PHYSICAL(boot_directory)
        movl %eax, PHYSICAL(boot_directory) + 768 * 4
        movl $PHYSICAL(boot_directory), %eax
        movl %eax, %cr3
        movl $CR0_BITS, %eax
        movl %eax, %cr0
        movl $4f, %eax
        jmp *%eax
4:
        movl $(boot_stack + 8192), %esp
        xorl %ebp, %ebp /* Ends every backtrace. */
        pushl %ebp
        pushl %ebp
        call machine_init
        call kernel_main
5:
        cli
        hlt
        jmp 5b

/* Copies the loader's information at EBX, and the map, command line and loader's name it points
   to, into boot_info.  It may lie anywhere in memory, also beyond what will be mapped, so this is
   done before paging.  Changes all registers but ebp. */
boot_save_info:
        movl %ebx, %esi
        movl $PHYSICAL(boot_info), %edi
        movl $BOOT_HEADER_SIZE, %ecx
        rep movsb

        testl $MULTIBOOT_HAS_MAP, (%ebx)
        jz 1f
        movl 48(%ebx), %esi
        movl 44(%ebx), %ecx
        cmpl $BOOT_MAP_SIZE, %ecx
        jbe 0f
        movl $BOOT_MAP_SIZE, %ecx
0:      rep movsb
1:
        testl $MULTIBOOT_HAS_CMDLINE, (%ebx)
        jz 2f
        movl 16(%ebx), %esi
        movl $PHYSICAL(boot_info) + BOOT_HEADER_SIZE + BOOT_MAP_SIZE, %edi
        movl $BOOT_CMDLINE_SIZE, %ecx
        call boot_copy_string
2:
        testl $MULTIBOOT_HAS_NAME, (%ebx)
        jz 3f
        movl 64(%ebx), %esi
        movl $PHYSICAL(boot_info) + BOOT_HEADER_SIZE + BOOT_MAP_SIZE + BOOT_CMDLINE_SIZE, %edi
        movl $BOOT_NAME_SIZE, %ecx
        call boot_copy_string
3:      ret

/* Copies the string at ESI to EDI, at most ECX - 1 characters; what follows them is zero already.
   Changes eax, ecx, esi and edi. */
boot_copy_string:
        decl %ecx
        jz 2f
        lodsb
        stosb
        testb %al, %al
        jnz boot_copy_string
2:      ret

        .section .rodata
        .balign 8
boot_gdt:
        .quad 0
        .quad 0x00cf9b000000ffff /* Ring 0 code, 4 GB, accessed. */
        .quad 0x00cf93000000ffff /* Ring 0 data, 4 GB, accessed. */
boot_gdt_pointer:
        .word 3 * 8 - 1
        .long PHYSICAL(boot_gdt)

        .section .bss
        .globl boot_stack, boot_directory, boot_page_table
        .balign 8192
boot_stack:
        .skip 8192
boot_directory:
        .skip 4096
boot_page_table:
        .skip 4096
