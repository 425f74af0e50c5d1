/* Our own mapping calls: map, unmap, protect, advise, sync, lock and ask about ranges of pages.

   Ranges are bytes, from a multiple of the page size on; lengths are rounded up to whole pages.  All take the address
   space's lock and the VM lock, are called with neither, and may sleep.  All give VM_OK or an error, VM_ERANGE among
   them: unaligned, empty, wrapping or outside user space.  VM_ENOMAP: not all of the range is mapped.  Checks come
   first: unless a call says otherwise, nothing has changed after an error. */
#ifndef VM_MAP_H
#define VM_MAP_H

#include <stdbool.h>
#include <stdint.h>
#include "vm/types.h"

struct addrspace;
struct store;

/* Also the numbers user programs pass. */
enum vm_map_flags {
  MAP_PRIVATE = 1,  /* Writes are this process's alone; one of these two is needed. */
  MAP_SHARED = 2,   /* Writes go to the file, or to all who inherited the memory by fork. */
  MAP_FIXED = 4,    /* At the address given or nowhere. */
  MAP_ANONYMOUS = 8 /* Zeroes instead of a file. */
};

enum vm_advice {
  ADVICE_NORMAL = 0,
  ADVICE_SEQUENTIAL = 1, /* Read far ahead. */
  ADVICE_RANDOM = 2,     /* Do not read ahead. */
  ADVICE_WILLNEED = 3,   /* Bring the pages in now, as far as frames are free. */
  ADVICE_DONTNEED = 4 /* Private pages go back to what they were at first; others are unmapped. */
};

struct map_request {
  uaddr_t address; /* 0: anywhere. */
  uint32_t length;
  uint8_t prot;        /* enum vm_prot bits. */
  uint8_t flags;       /* enum vm_map_flags. */
  bool read_only;      /* STORE must not be written: a shared mapping never gets PROT_WRITE. */
  struct store *store; /* NULL with MAP_ANONYMOUS. */
  uint32_t offset;     /* In the store; a multiple of the page size. */
};

/* Maps what REQUEST says and returns the address in *ADDRESS.  VM_EINVAL (flags or prot without
   meaning), VM_ERANGE, VM_EOVERLAP (MAP_FIXED: something is there), VM_ELIMIT (no room anywhere),
   VM_EEOF (the file ends before OFFSET), VM_ENOMEM.  The store may grow into pages beyond its end. */
int vm_map(struct addrspace *as, const struct map_request *request, uaddr_t *address);
/* Unmaps whatever is mapped in the range.  VM_ENOMEM (nothing changed), VM_EIO, VM_ENOSPC (all
   is unmapped, but not all was written back). */
int vm_unmap(struct addrspace *as, uaddr_t address, uint32_t length);
/* Sets the rights of the range.  VM_ENOMAP, VM_EINVAL, VM_ENOMEM, VM_EACCESS (some of it is read
   only for good). */
int vm_protect(struct addrspace *as, uaddr_t address, uint32_t length, uint8_t prot);
/* Takes ADVICE for the range.  VM_ENOMAP, VM_EINVAL, VM_ENOMEM. */
int vm_advise(struct addrspace *as, uaddr_t address, uint32_t length, int advice);
/* Returns when what was changed through shared mappings in the range is safe on disk.  VM_ENOMAP,
   VM_EIO. */
int vm_sync(struct addrspace *as, uaddr_t address, uint32_t length);
/* Brings all pages of the range in and keeps them in memory until vm_unlock(), unmapping or exit;
   calls do not nest.  VM_ENOMAP, VM_ELIMIT (the process's, or a half of all frames), or what
   bringing in met; then the range is not locked. */
int vm_lock(struct addrspace *as, uaddr_t address, uint32_t length);
/* Lets the pages of the range go again, as far as they are locked.  VM_ENOMAP, VM_ENOMEM. */
int vm_unlock(struct addrspace *as, uaddr_t address, uint32_t length);
/* Sets RESULT[i] to 1 if page VPN + i, of COUNT, is in a frame now, else to 0.  VM_ENOMAP. */
int vm_resident(struct addrspace *as, vpn_t vpn, unsigned count, uint8_t *result);

#endif
