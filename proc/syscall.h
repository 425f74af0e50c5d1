/* System calls, inside proc/: what the functions behind the table share.

   A system call takes its arguments, copied from the user's stack, and returns the new eax.  It may
   sleep, and may end the process by process_exit() or process_kill(), but only while it holds
   nothing that the process record does not know of. */
#ifndef PROC_SYSCALL_H
#define PROC_SYSCALL_H

#include <stdint.h>
#include "proc/process.h"

#define SYSCALL_ARGUMENTS_MAX 6

typedef int32_t syscall_function(const uint32_t *arguments);

/* proc/syscall_file.c */
syscall_function sys_create, sys_remove, sys_open, sys_filesize, sys_seek, sys_tell, sys_close,
    sys_chdir, sys_mkdir, sys_readdir, sys_readdir_name, sys_isdir, sys_inumber, sys_fsync,
    sys_file_info;
/* proc/syscall_io.c */
syscall_function sys_read, sys_write;
/* proc/syscall_map.c */
syscall_function sys_mmap, sys_munmap, sys_sbrk, sys_vm_map, sys_vm_unmap, sys_vm_protect,
    sys_vm_advise, sys_vm_sync, sys_vm_lock, sys_vm_unlock, sys_vm_resident;
/* proc/spawn.c */
syscall_function sys_exec;
/* proc/fork.c */
syscall_function sys_fork;
/* proc/syscall_console.c */
syscall_function sys_console_mode, sys_console_foreground;
/* proc/syscall_process.c */
syscall_function sys_kill, sys_process_info;
/* proc/syscall_vm.c */
syscall_function sys_vm_info, sys_getrlimit, sys_setrlimit, sys_vm_mark;

/* proc/syscall_user.c */
/* Copies the user's string at ADDRESS to a page of kernel memory, *STRING, to be freed by page_free().
   False if it is cut because it has 4096 bytes or more with its terminator, or *STRING is NULL
   because there is no memory.  Ends the process if it is not wholly in valid memory. */
bool syscall_string(uint32_t address, char **string);
/* Ends the process if ERROR, a result of vm/user.h about memory at ADDRESS, is one. */
static inline void syscall_check(int error, uint32_t address) {
  if (error < 0) process_kill(error, address);
}

/* proc/syscall_console.c */
/* Writes SIZE bytes at user address BUFFER to the console, or reads what was typed to there: their number.
   Ends the process if they are not in valid memory.  May sleep. */
int32_t syscall_write_console(uint32_t address, uint32_t size);
int32_t syscall_read_console(uint32_t address, uint32_t size);

#endif
