/* What system calls have in common about user memory. */
#include "kern/memory.h"
#include "proc/syscall.h"
#include "vm/user.h"

#define STRING_SIZE 4096u

/* Copies the user's string at ADDRESS to kernel memory. */
bool syscall_string(uint32_t address, char **string) {
  struct addrspace *as = process_current()->as;
  *string = page_alloc(1);
  if (*string == NULL) return false;
  long length = user_read_string(as, *string, address, STRING_SIZE);
  if (length < 0) {
    page_free(*string, 1);
    process_kill(length, address);
  }
  (*string)[STRING_SIZE - 1] = '\0';
  return length < (long)STRING_SIZE;
}
