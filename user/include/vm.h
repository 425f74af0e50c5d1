/* Memory by request: Quire's own system calls on ranges of pages, the heap, fork and limits.

   - A range starts at a multiple of the page size; its length is rounded up to whole pages.
   - An int result is 0 or an enum vm_error, which are all below 0; vm_is_error() tells one from an
     address.  Everything is checked first: after an error nothing has changed unless said so.
   - VM_ERANGE: the range is empty, unaligned, wraps, or leaves user space.  VM_ENOMAP: not all of
     it is mapped.  VM_ENOMEM: the kernel has no memory left for its own records. */
#ifndef USER_VM_H
#define USER_VM_H

#include <stdbool.h>
#include <stdint.h>
#include <syscall.h>
#include "proc/syscall_numbers.h"
#include "vm/error.h"

#define VM_PAGE_SIZE 4096u

/* Rights of pages; any combination.  What can be written can be read. */
enum vm_prot { PROT_NONE = 0, PROT_READ = 1, PROT_WRITE = 2, PROT_EXEC = 4 };

enum vm_map_flags {
  MAP_PRIVATE = 1,  /* What is written stays in this process.  One of these two is needed. */
  MAP_SHARED = 2,   /* It goes to the file, or to all that inherited the memory by fork(). */
  MAP_FIXED = 4,    /* At the address given or nowhere; else it is a wish. */
  MAP_ANONYMOUS = 8 /* Zeroes instead of a file; fd and offset are not looked at. */
};

enum vm_advice {
  ADVICE_NORMAL = 0,
  ADVICE_SEQUENTIAL = 1, /* Read far ahead. */
  ADVICE_RANDOM = 2,     /* Do not read ahead. */
  ADVICE_WILLNEED = 3,   /* Bring the pages in now, as far as frames are free. */
  ADVICE_DONTNEED = 4    /* Private pages go back to what they were at first: zeroes, or the file's
                            bytes.  Shared ones leave the process and keep their content. */
};

/* Whether RESULT of vm_map() is an enum vm_error. */
static inline bool vm_is_error(const void *result) {
  return (uintptr_t)result >= (uintptr_t)-64;
}

/* A second process that goes on where this one is: returns 0 in it and its pid here, or PID_ERROR
   if there is not enough memory for it and a few copies of pages.  Private memory is copied when either writes to it, shared
   memory and the positions of open files stay common; locks of pages are not inherited. */
pid_t fork(void);

/* Moves the end of the heap, which starts right after the program's bss, by DELTA bytes and returns
   where it was; 0 tells the end, whatever the limits.  New bytes are zero.  (void *)-1, and nothing
   changed: DELTA takes away more than there is, or, for more, the heap's limit, a mapping or the room
   for the stack is in the way, or there is no memory or no disk to bring in the page that the new bytes
   begin in.  To give back always works, whatever the rights of the pages, and whether they are locked,
   unmapped or in swap; only where a mapping reaches over the heap's end it may need kernel memory.  What
   was mapped among the heap's whole pages goes with them; in the page that the heap then ends in it
   stays as it is. */
void *sbrk(intptr_t delta);

/* Maps LENGTH bytes: of the file FD from OFFSET on (a multiple of the page size), or zeroes.
   Returns the address, ADDRESS if that is free or 0 means anywhere.  What lies beyond the end of a
   file in its last page reads as zeroes and is not written.  The range may be longer than the file: a
   page wholly beyond the end cannot be used through a shared mapping and reads as zeroes through a
   private one, until the file has grown into it.  A private page shows the file as it is now until it
   is written to.
   VM_EINVAL (PROT or FLAGS mean nothing), VM_ERANGE (also: more than a file
   can have), VM_EOVERLAP (MAP_FIXED, and something, or the
   gap below the stack, is there), VM_ELIMIT (no room anywhere), VM_EBADF (no file that can be
   mapped), VM_EEOF (the file ends before OFFSET), VM_EACCESS (shared and writable, but the file is
   a running program), VM_ENOMEM. */
void *vm_map(void *address, uint32_t length, int prot, int flags, int fd, uint32_t offset);
/* Unmaps whatever is mapped in the range, by any call; holes are no error.  VM_ERANGE, VM_ENOMEM;
   VM_EIO, VM_ENOSPC: all is unmapped, but not all was written back. */
int vm_unmap(void *address, uint32_t length);
/* Sets the rights of the range.  VM_ERANGE, VM_ENOMAP, VM_EINVAL, VM_EACCESS (to write to a running
   program's file), VM_ENOMEM. */
int vm_protect(void *address, uint32_t length, int prot);
/* Says how the range will be used.  ADVICE_WILLNEED ends early, and is no error, where frames are short, a page
   cannot be read or may not be touched.  ADVICE_DONTNEED needs no rights: it frees the frames and slots of private pages, whose
   locks end with them; what was written to a file's shared pages is not lost and is written later; the
   frames of those that need not be written, and that nobody else has mapped, are free at once; other
   processes notice nothing.  VM_ERANGE, VM_ENOMAP, VM_EINVAL, VM_ENOMEM. */
int vm_advise(void *address, uint32_t length, int advice);
/* Returns when what was changed through shared mappings in the range is safe on disk, as fsync() has
   it.  VM_ERANGE, VM_ENOMAP, VM_EIO. */
int vm_sync(void *address, uint32_t length);
/* Brings the pages of the range in and keeps them in memory until vm_unlock() or until the process gives them up:
   vm_unmap(), munmap(), ADVICE_DONTNEED, sbrk(), exit.  Private pages that may be written are copied now, so that no access
   needs memory later; a page that is protected keeps its lock, and so does the copy that a later write makes.
   Calls do not nest, and locking what is locked changes nothing.  After an error nothing more is locked than
   before.  VM_ERANGE, VM_ENOMAP, VM_ELIMIT (the process's limit, or that of all: half of
   the frames that the kernel does not need), VM_EACCESS (a page without rights), or what bringing in met. */
int vm_lock(void *address, uint32_t length);
int vm_unlock(void *address, uint32_t length);
/* Puts 1 into PAGES[i] if page i of the range is in memory now, else 0.  VM_ERANGE,
   VM_ENOMAP. */
int vm_resident(void *address, uint32_t length, uint8_t *pages);

/* The limit WHICH (enum limit: LIMIT_STACK, LIMIT_HEAP, LIMIT_LOCKED) of this process in bytes;
   VM_EINVAL for another WHICH, and for a stack of less than a page or more than half of user
   space.  A limit below what is in use takes nothing away: more is refused (VM_ELIMIT; a stack that
   would grow ends the process), and what was given back can be had again up to the limit.  Children by
   fork() have their parent's limits. */
int getrlimit(int which, uint32_t *bytes);
int setrlimit(int which, uint32_t bytes);

/* Returns when the file FD is safe on disk: its content, written by whatever way, its length, and the
   names that lead to it.  A power cut takes none of it.  VM_EBADF (not a file); VM_EIO: something
   could not be written, and stays to be written by the next call. */
int fsync(int fd);

#endif
