/* The numbers of the system calls, for the kernel and for user programs.

   0 to 19 are those of Pintos.  Our own start at 64, so that the two never meet. */
#ifndef PROC_SYSCALL_NUMBERS_H
#define PROC_SYSCALL_NUMBERS_H

enum syscall_number {
  SYSCALL_HALT = 0,
  SYSCALL_EXIT = 1,
  SYSCALL_EXEC = 2,
  SYSCALL_WAIT = 3,
  SYSCALL_CREATE = 4,
  SYSCALL_REMOVE = 5,
  SYSCALL_OPEN = 6,
  SYSCALL_FILESIZE = 7,
  SYSCALL_READ = 8,
  SYSCALL_WRITE = 9,
  SYSCALL_SEEK = 10,
  SYSCALL_TELL = 11,
  SYSCALL_CLOSE = 12,
  SYSCALL_MMAP = 13,
  SYSCALL_MUNMAP = 14,
  SYSCALL_CHDIR = 15,
  SYSCALL_MKDIR = 16,
  SYSCALL_READDIR = 17, /* Names are cut to 14 bytes; see SYSCALL_READDIR_NAME. */
  SYSCALL_ISDIR = 18,
  SYSCALL_INUMBER = 19,

  SYSCALL_FORK = 64,
  SYSCALL_SBRK = 65,
  SYSCALL_VM_MAP = 66,
  SYSCALL_VM_UNMAP = 67,
  SYSCALL_VM_PROTECT = 68,
  SYSCALL_VM_ADVISE = 69,
  SYSCALL_VM_SYNC = 70,
  SYSCALL_VM_LOCK = 71,
  SYSCALL_VM_UNLOCK = 72,
  SYSCALL_VM_RESIDENT = 73,
  SYSCALL_GETRLIMIT = 74,
  SYSCALL_SETRLIMIT = 75,
  SYSCALL_FSYNC = 76,
  SYSCALL_GETPID = 77,       /* getpid(): the caller's process id. */
  SYSCALL_SLEEP_MS = 78,     /* sleep_ms(ms): sleeps that long; 0. */
  SYSCALL_YIELD = 79,        /* yield(): lets others run; 0. */
  SYSCALL_VM_INFO = 80,      /* vm_info(struct vm_info *buffer, size): bytes filled in. */
  SYSCALL_TIME_MS = 81,      /* time_ms(): milliseconds since boot, modulo 2^32. */
  SYSCALL_READDIR_NAME = 82, /* readdir_name(fd, char *buffer, size): the next entry with its whole
                                name; its length, 0 at the end, -1 if it fails or does not fit. */
  SYSCALL_COUNT
};

/* Bytes of the buffer of readdir(), terminator included. */
#define READDIR_NAME_SIZE 15

#endif
