/* What vm_info() tells a program about its own memory and the system's.

   Part of the binary interface: fields are only ever added at the end, and the call fills in as
   many bytes as the caller asks for.  Counts are in pages unless they say otherwise; they wrap. */
#ifndef PROC_VM_INFO_H
#define PROC_VM_INFO_H

#include <stdint.h>

struct vm_info {
  /* The calling process: its faults by what they needed, and its pages now. */
  uint32_t faults;        /* All of them. */
  uint32_t faults_zero;   /* A fresh page of zeroes. */
  uint32_t faults_cached; /* The page was in a frame already. */
  uint32_t faults_file;   /* Read from a file. */
  uint32_t faults_swap;   /* Read from swap. */
  uint32_t faults_cow;    /* A private copy was made. */
  uint32_t faults_stack;  /* The stack grew (counted besides the kind above). */
  uint32_t faults_error;  /* Could not be resolved. */
  uint32_t resident;      /* Mapped now. */
  uint32_t swapped;       /* In slots now. */
  /* The system: now. */
  uint32_t frames_total, frames_free;
  uint32_t slots_total, slots_used;
  /* The system: since boot. */
  uint32_t swap_reads, swap_writes;
  uint32_t swap_read_requests, swap_write_requests;
  uint32_t file_reads, file_writes;
  uint32_t file_read_requests, file_write_requests;
  uint32_t evictions_clean, evictions_dirty;
  uint32_t ticks; /* Of the timer, 100 a second. */
  /* Again the calling process, now. */
  uint32_t shared; /* Of its resident pages, those that other processes have mapped too. */
  /* Again the system, now. */
  uint32_t pages_cached;  /* Pages of files in frames, mapped or not. */
  uint32_t frames_dirty;  /* Frames whose page must be written before it can leave. */
  uint32_t slots_bad;     /* Slots that could not be written. */
  uint32_t frames_kernel; /* Frames that the kernel has borrowed for its own memory. */
  uint32_t kernel_pages_total, kernel_pages_free;
  uint32_t kernel_blocks, kernel_bytes; /* Of kernel memory in use; in blocks, and in bytes. */
  uint32_t threads;                     /* The kernel's own, and one for each process. */
  /* Load control: processes that are suspended now; since boot, so often one was, and went on in its turn; and ticks that
     passed meanwhile, summed up over all processes. */
  uint32_t suspended, suspensions, resumptions, suspended_ticks;
};

#endif
