/* Numbers of the VM: which kind of page is meant is in the type's name. */
#ifndef VM_TYPES_H
#define VM_TYPES_H

#include <stdint.h>

#define VM_PAGE_SHIFT 12
#define VM_PAGE_SIZE  4096u
#define VM_PAGE_MASK  4095u

/* User space is below USER_END; page 0 is never mapped. */
#define USER_END 0xc0000000u

typedef uint32_t uaddr_t;   /* A user address. */
typedef uint32_t vpn_t;     /* Virtual page number: a user address / VM_PAGE_SIZE. */
typedef uint32_t frameno_t; /* Index of a frame in the user pool. */
typedef uint32_t slot_t;    /* Index of a page on the swap device. */
typedef uint32_t pindex_t;  /* Index of a page in a store. */

#define SLOT_NONE UINT32_MAX
#define VPN_END   (USER_END >> VM_PAGE_SHIFT)

/* The page that ADDRESS lies in. */
static inline vpn_t vpn_of(uaddr_t address) {
  return address >> VM_PAGE_SHIFT;
}
/* The address of the first byte of page VPN. */
static inline uaddr_t vpn_address(vpn_t vpn) {
  return vpn << VM_PAGE_SHIFT;
}

/* VPN, and the compiler does not know that it is: in a loop that most often ends the first time, it would compute all that
   follows from VPN, needed or not, and keep it in memory. */
static inline vpn_t vpn_anew(vpn_t vpn) {
  __asm__("" : "+r"(vpn));
  return vpn;
}

#endif
