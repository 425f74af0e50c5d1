/* System call stubs.

   The kernel wants the number at esp and the arguments above it.  A C caller has pushed the
   arguments and the return address: a stub puts its number where the return address is and keeps
   that in ecx, which calls may change in C but the kernel does not.  So nothing is copied, however
   many arguments a call has.  The .cfi lines tell debuggers where the return address is meanwhile: eip is
   register 8, ecx 1. */
#include <syscall.h>
#include "proc/syscall_numbers.h"

/* The function NAME, visible by SCOPE (globl or weak), that makes call NUMBER. */
#define STUB(SCOPE, NAME, CALL, NUMBER)                                                            \
  _Static_assert(SYSCALL_##CALL == (NUMBER), "number of " #NAME);                                  \
  __asm__(".text\n"                                                                                \
          "." #SCOPE " " #NAME "\n"                                                                \
          ".type " #NAME ", @function\n" #NAME ":\n"                                               \
          "  .cfi_startproc\n"                                                                     \
          "  popl %ecx\n"                                                                          \
          "  .cfi_def_cfa_offset 0\n"                                                              \
          "  .cfi_register 8, 1\n"                                                                 \
          "  pushl $" #NUMBER "\n"                                                                 \
          "  .cfi_def_cfa_offset 4\n"                                                              \
          "  int $0x30\n"                                                                          \
          "  movl %ecx, (%esp)\n"                                                                  \
          "  .cfi_offset 8, -4\n"                                                                  \
          "  ret\n"                                                                                \
          "  .cfi_endproc\n"                                                                       \
          ".size " #NAME ", . - " #NAME "\n")

STUB(globl, halt, HALT, 0);
STUB(globl, exit, EXIT, 1);
STUB(globl, exec, EXEC, 2);
STUB(globl, wait, WAIT, 3);
STUB(globl, create, CREATE, 4);
STUB(globl, remove, REMOVE, 5);
STUB(globl, open, OPEN, 6);
STUB(globl, filesize, FILESIZE, 7);
STUB(globl, read, READ, 8);
STUB(globl, write, WRITE, 9);
STUB(globl, seek, SEEK, 10);
STUB(globl, tell, TELL, 11);
STUB(globl, close, CLOSE, 12);
STUB(globl, mmap, MMAP, 13);
STUB(globl, munmap, MUNMAP, 14);
STUB(globl, chdir, CHDIR, 15);
STUB(globl, mkdir, MKDIR, 16);
STUB(globl, readdir, READDIR, 17);
STUB(globl, isdir, ISDIR, 18);
STUB(globl, inumber, INUMBER, 19);
STUB(weak, fork, FORK, 64);
STUB(weak, heap_move, SBRK, 65);
STUB(weak, vm_map, VM_MAP, 66);
STUB(weak, vm_unmap, VM_UNMAP, 67);
STUB(weak, vm_protect, VM_PROTECT, 68);
STUB(weak, vm_advise, VM_ADVISE, 69);
STUB(weak, vm_sync, VM_SYNC, 70);
STUB(weak, vm_lock, VM_LOCK, 71);
STUB(weak, vm_unlock, VM_UNLOCK, 72);
STUB(weak, vm_resident, VM_RESIDENT, 73);
STUB(weak, getrlimit, GETRLIMIT, 74);
STUB(weak, setrlimit, SETRLIMIT, 75);
STUB(weak, fsync, FSYNC, 76);
STUB(weak, getpid, GETPID, 77);
STUB(weak, sleep_ms, SLEEP_MS, 78);
STUB(weak, yield, YIELD, 79);
STUB(weak, vm_info, VM_INFO, 80);
STUB(weak, time_ms, TIME_MS, 81);
STUB(weak, readdir_name, READDIR_NAME, 82);
STUB(weak, file_info, FILE_INFO, 83);
STUB(weak, wall_time, WALL_TIME, 84);
STUB(weak, console_mode, CONSOLE_MODE, 85);
STUB(weak, console_foreground, CONSOLE_FOREGROUND, 86);
STUB(weak, kill, KILL, 87);
STUB(weak, process_info, PROCESS_INFO, 88);
STUB(weak, vm_mark, VM_MARK, 89);
