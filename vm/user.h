/* Kernel access to user memory, whatever pointer it is given.

   The copies run directly on user addresses of the running process; a fault that cannot be
   resolved ends them with its cause.  They may sleep: the caller holds no lock of RANK_ADDRSPACE
   or above, and AS is the address space that is active in the processor. */
#ifndef VM_USER_H
#define VM_USER_H

#include <stddef.h>
#include "vm/fault.h"
#include "vm/types.h"

struct addrspace;

/* SIZE bytes of user memory at ADDRESS of AS, for a transfer. */
struct user_range {
  struct addrspace *as;
  uaddr_t address;
  uint32_t size;
  int error; /* Result: why the memory could not be used, VM_OK if it could. */
};

/* Copies SIZE bytes from user memory SRC of AS to DST.  VM_OK, VM_ERANGE, or an error of vm_fault(). */
int user_read(struct addrspace *as, void *dst, uaddr_t src, size_t size);
/* Copies SIZE bytes from SRC to user memory DST of AS.  VM_OK, VM_ERANGE, or an error of vm_fault(). */
int user_write(struct addrspace *as, uaddr_t dst, const void *src, size_t size);
/* Copies up to SIZE bytes from user memory SRC to DST: the bytes copied, up to the first that cannot be; *ERROR says why,
   VM_OK if all were. */
size_t user_read_part(void *dst, uaddr_t src, size_t size, int *error);
/* Copies up to SIZE bytes from SRC to user memory DST; result and *ERROR as user_read_part() has them. */
size_t user_write_part(uaddr_t dst, const void *src, size_t size, int *error);
/* Copies a string with its terminator into DST of SIZE bytes.  Returns its length (SIZE: it is
   longer than fits), or a vm_error. */
long user_read_string(struct addrspace *as, char *dst, uaddr_t src, size_t size);
/* Whether every byte of [ADDRESS, ADDRESS+SIZE) may be accessed, growing the stack where it would
   grow: VM_OK, VM_ENOMAP, VM_EACCESS or VM_ERANGE.  Touches no page.  SIZE 0 is always fine. */
int user_check(struct addrspace *as, uaddr_t address, size_t size, enum vm_access access);

#endif
