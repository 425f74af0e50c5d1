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

  /* Results below 0 that are not said to be -1 are errors of vm/error.h; addresses never look like
     one.  Ranges start at a multiple of the page size, lengths are rounded up to whole pages. */
  SYSCALL_FORK = 64,       /* fork(): the child's pid, 0 in the child, -1 if there is no memory. */
  SYSCALL_SBRK = 65,       /* sbrk(delta): moves the end of the heap; where it was. */
  SYSCALL_VM_MAP = 66,     /* vm_map(address or 0, length, prot, flags, fd, offset): the address. */
  SYSCALL_VM_UNMAP = 67,   /* vm_unmap(address, length): 0.  Holes are no error. */
  SYSCALL_VM_PROTECT = 68, /* vm_protect(address, length, prot): 0. */
  SYSCALL_VM_ADVISE = 69,  /* vm_advise(address, length, advice): 0. */
  SYSCALL_VM_SYNC = 70,    /* vm_sync(address, length): 0 when shared mappings are on disk. */
  SYSCALL_VM_LOCK = 71,    /* vm_lock(address, length): 0; the pages stay in memory. */
  SYSCALL_VM_UNLOCK = 72,  /* vm_unlock(address, length): 0. */
  SYSCALL_VM_RESIDENT =
      73,                 /* vm_resident(address, length, uint8_t *buffer): 0; a byte a page, bit 0
                               set if it is in memory now. */
  SYSCALL_GETRLIMIT = 74, /* getrlimit(limit, uint32_t *bytes): 0. */
  SYSCALL_SETRLIMIT = 75, /* setrlimit(limit, bytes): 0. */
  SYSCALL_FSYNC = 76,     /* fsync(fd): 0 when the file is safe on disk. */
  SYSCALL_GETPID = 77,    /* getpid(): the caller's process id. */
  SYSCALL_SLEEP_MS = 78,  /* sleep_ms(ms): sleeps that long; 0. */
  SYSCALL_YIELD = 79,     /* yield(): lets others run; 0. */
  SYSCALL_VM_INFO = 80,   /* vm_info(struct vm_info *buffer, size): bytes filled in. */
  SYSCALL_TIME_MS = 81,   /* time_ms(): milliseconds since boot, modulo 2^32. */
  SYSCALL_READDIR_NAME = 82, /* readdir_name(fd, char *buffer, size): the next entry with its whole
                                name; its length, 0 at the end, -1 if it fails or does not fit. */
  SYSCALL_FILE_INFO =
      83, /* file_info(fd, path, struct file_info *buffer, size): bytes filled in, of
                             what PATH leads to from directory FD on (-1: the working directory), or of FD
                             itself if PATH is 0; -1 if there is no such thing. */
  SYSCALL_WALL_TIME = 84, /* wall_time(): seconds since 1970, UTC; 0 if the machine has no clock. */
  SYSCALL_CONSOLE_MODE = 85,       /* console_mode(mode): how what is typed is read; the terminal's
                                columns. */
  SYSCALL_CONSOLE_FOREGROUND = 86, /* console_foreground(pid): who reads, and ends by Ctrl-C; 0. */
  SYSCALL_KILL = 87,               /* kill(pid): ends a descendant, with status -1; 0. */
  SYSCALL_PROCESS_INFO = 88, /* process_info(pid, struct process_info *buffer, size): about the
                                      process with the next pid; that pid, or 0. */
  SYSCALL_VM_MARK = 89, /* vm_mark(text): records an event with the first 20 bytes of TEXT; 0. */
  SYSCALL_COUNT
};

/* How a terminal is read: by lines, echoed and edited, or by keys, as they come. */
enum console_mode { CONSOLE_LINES = 0, CONSOLE_KEYS = 1 };

/* Limits of getrlimit() and setrlimit(), in bytes. */
enum limit { LIMIT_STACK = 0, LIMIT_HEAP = 1, LIMIT_LOCKED = 2 };

/* Bytes of the buffer of readdir(), terminator included. */
#define READDIR_NAME_SIZE 15

#endif
