/* What each vm_error means, for people. */
#include "vm/error.h"

/* The cause ERROR in plain words. */
const char *vm_error_text(int error) {
  switch ((enum vm_error)error) {
  case VM_OK: return "no error";
  case VM_ENOMEM: return "out of kernel memory";
  case VM_ENOFRAME: return "out of memory";
  case VM_EIO: return "the disk could not be read or written";
  case VM_ENOMAP: return "nothing is mapped there";
  case VM_EACCESS: return "not allowed to access it this way";
  case VM_ERANGE: return "bad range of addresses";
  case VM_EOVERLAP: return "something else is mapped there";
  case VM_EEOF: return "beyond the end of the file";
  case VM_ENOSPC: return "no space on the file system";
  case VM_ELIMIT: return "limit of the process reached";
  case VM_EINVAL: return "bad argument";
  case VM_EBADF: return "bad file descriptor";
  case VM_RETRY: return "try again";
  }
  return "unknown error";
}
