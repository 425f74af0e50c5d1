/* Kernel access to user memory. */
#include "vm/user.h"
#include "vm/addrspace.h"
#include "vm/error.h"
#include "vm/port.h"
#include "vm/stack.h"

/* Whether [ADDRESS, ADDRESS+SIZE) lies in user space; nothing lies anywhere. */
static bool in_user_space(uaddr_t address, size_t size) {
  return size == 0 || (address < USER_END && size <= USER_END - address);
}

/* Copies up to SIZE bytes from user address SRC to DST. */
size_t user_read_part(void *dst, uaddr_t src, size_t size, int *error) {
  *error = VM_ERANGE;
  return in_user_space(src, size) ? size - port_copy_from_user(dst, src, size, error) : 0;
}

/* Copies up to SIZE bytes from SRC to user address DST. */
size_t user_write_part(uaddr_t dst, const void *src, size_t size, int *error) {
  *error = VM_ERANGE;
  return in_user_space(dst, size) ? size - port_copy_to_user(dst, src, size, error) : 0;
}

/* Copies SIZE bytes from user address SRC of AS, the running process's, to DST. */
int user_read(struct addrspace *as, void *dst, uaddr_t src, size_t size) {
  int error;
  (void)as;
  user_read_part(dst, src, size, &error);
  return error;
}

/* Copies SIZE bytes from SRC to user address DST of AS, the running process's. */
int user_write(struct addrspace *as, uaddr_t dst, const void *src, size_t size) {
  int error;
  (void)as;
  user_write_part(dst, src, size, &error);
  return error;
}

/* Copies a string at user address SRC of AS to DST of SIZE bytes. */
long user_read_string(struct addrspace *as, char *dst, uaddr_t src, size_t size) {
  (void)as;
  if (src >= USER_END) return VM_ERANGE;
  size_t room = USER_END - src < size ? USER_END - src : size;
  long length = port_copy_string(dst, src, room);
  return (size_t)length == room && room < size ? (long)VM_ERANGE : length;
}

/* Whether the pages from VPN on, up to END, are mapped for ACCESS, or ADDRESS is where the stack
   would grow to.  Address space's lock. */
static int check_locked(struct addrspace *as, uaddr_t address, vpn_t end, enum vm_access access) {
  ASSERT(vpn_of(address) < end && end <= VPN_END);
  unsigned needed = access == ACCESS_WRITE ? PROT_WRITE : PROT_READ | PROT_WRITE | PROT_EXEC;
  for (vpn_t vpn = vpn_of(address); vpn < end;) {
    struct region *region = region_find(as, vpn);
    if (region == NULL) {
      uaddr_t lowest = vpn == vpn_of(address) ? address : vpn_address(vpn);
      int error = stack_check(as, lowest);
      if (error != VM_OK) return error;
      region = as->stack;
    }
    if ((region->prot & needed) == 0) return VM_EACCESS;
    vpn = region->end;
  }
  return VM_OK;
}

/* Whether every byte of [ADDRESS, ADDRESS+SIZE) may be accessed. */
int user_check(struct addrspace *as, uaddr_t address, size_t size, enum vm_access access) {
  if (size == 0) return VM_OK;
  if (!in_user_space(address, size)) return VM_ERANGE;
  addrspace_lock(as);
  int error = check_locked(as, address, vpn_of(address + size - 1) + 1, access);
  addrspace_unlock(as);
  return error;
}
