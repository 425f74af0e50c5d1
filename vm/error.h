/* All that can go wrong in the VM, one cause each; never translated into one another.  They are
   the results of our own system calls, so the numbers are part of the binary interface. */
#ifndef VM_ERROR_H
#define VM_ERROR_H

enum vm_error {
  VM_OK = 0,
  VM_ENOMEM = -1,   /* No kernel memory (structures, page tables). */
  VM_ENOFRAME = -2, /* No frame can be freed: all are pinned, or dirty with swap full. */
  VM_EIO = -3,      /* The disk could not read or write a page. */
  VM_ENOMAP = -4,   /* Nothing is mapped at the address, and the stack does not reach it. */
  VM_EACCESS = -5,  /* Mapped, but not for this kind of access. */
  VM_ERANGE = -6,   /* The range wraps, is empty, unaligned or not in user space. */
  VM_EOVERLAP = -7, /* Something else is mapped there. */
  VM_EEOF = -8,     /* The page lies wholly beyond the end of its file. */
  VM_ENOSPC = -9,   /* The file system has no block for the page. */
  VM_ELIMIT = -10,  /* A limit of the process (stack, heap, locked memory) is in the way. */
  VM_EINVAL = -11,  /* An argument has no meaning. */
  VM_EBADF = -12,   /* Not a descriptor of a file that can be mapped or synced. */
  VM_RETRY = -13    /* Internal: state changed while waiting, start over.  Never leaves vm/. */
};

/* In plain words, for messages. */
const char *vm_error_text(int error);

#endif
