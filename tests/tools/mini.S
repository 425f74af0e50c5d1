/* A kernel for the launcher's tests.  It does one thing, chosen by the last word of its command
   line if that is one character: t triple fault, h hang, p panic, u usage error, r reset, f print FAIL and hang,
   i echo input until Ctrl-D, anything else power off. */
  .section .multiboot, "a"
  .long 0x1badb002, 0, -0x1badb002

  .text
  .globl _start, triple_fault_here, hang_here
_start:
  movl $stack_end, %esp
  movl 16(%ebx), %esi /* The command line. */
1: /* ebx collects the last four characters. */
  lodsb
  testb %al, %al
  jz 2f
  shll $8, %ebx
  movb %al, %bl
  jmp 1b
2:
  cmpb $' ', %bh
  je 3f
  xorl %ebx, %ebx
3:
  movl $hello, %esi
  call print
  cmpb $'t', %bl
  je triple
  cmpb $'h', %bl
  je hang
  cmpb $'p', %bl
  je panic
  cmpb $'u', %bl
  je usage
  cmpb $'r', %bl
  je reset
  cmpb $'f', %bl
  je fail
  cmpb $'i', %bl
  je echo_input
power_off:
  movl $bye, %esi
  call print
  movw $0x604, %dx
  movw $0x2000, %ax
  outw %ax, %dx

hang:
  cli
hang_here:
  hlt
  jmp hang

triple:
  lidt no_table
triple_fault_here:
  ud2

reset:
  movb $0xfe, %al
  outb %al, $0x64
  jmp hang

fail:
  movl $failure, %esi
  call print
  jmp hang

panic:
  movl $last_words, %esi
  call print
  movb $1, %al
  jmp leave
usage:
  movb $2, %al
leave:
  movw $0x501, %dx
  outb %al, %dx
  jmp hang

echo_input:
  movw $0x3fd, %dx
  inb %dx, %al
  testb $1, %al
  jz echo_input
  movw $0x3f8, %dx
  inb %dx, %al
  cmpb $4, %al
  je power_off
  outb %al, %dx
  jmp echo_input

/* Prints the string at ESI. */
print:
  movw $0x3f8, %dx
1:
  lodsb
  testb %al, %al
  jz 2f
  outb %al, %dx
  jmp 1b
2:
  ret

  .section .rodata
hello: .asciz "Boot complete.\n"
bye: .asciz "Powering off...\n"
failure: .asciz "(test) FAIL: wrong\n"
last_words: .asciz "Kernel PANIC at mini.S:1 in panic(): test\nCall stack: 0x100003 0x100005.\n"
no_table: .long 0, 0

  .bss
  .space 4096
stack_end:
