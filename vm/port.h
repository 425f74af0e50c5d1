/* The door of the VM: all that it asks of its surroundings.  The kernel answers in init/port.c,
   the host rig in host/.

   Unless it says so, nothing here sleeps and everything may be called with the VM lock held. */
#ifndef VM_PORT_H
#define VM_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include "lib/debug.h"
#include "vm/types.h"

/* Kernel memory.  NULL if there is none.  With the VM lock it takes what is at hand; without, it may sleep
   and evict pages. */
void *port_alloc(size_t size);
void port_free(void *block); /* NULL is fine. */
/* Whether so little is left that only page faults should take it: whoever can say no, does. */
bool port_memory_is_low(void);

/* With nothing pinned and no lock but address spaces': makes kernel memory by evicting pages, for who found none
   with the VM lock held and tries again.  False if there is none to be had.  May sleep; not with the VM lock. */
bool port_memory_make(void);

/* The VM lock: guards frames, page states, slots, stores' pages, pmap entries and the policy.
   Short; its holder never sleeps except in port_wait(). */
void port_vm_lock(void);
void port_vm_unlock(void);
bool port_vm_locked(void);
/* Sleeps until port_wake(CHANNEL), giving the VM lock up meanwhile.  Callers re-check. */
void port_wait(const void *channel, const char *reason);
void port_wake(const void *channel);

/* Locks that may be held while sleeping: one for each address space. */
struct port_lock {
  void *words[8];
};
void port_lock_init(struct port_lock *lock);
void port_lock_acquire(struct port_lock *lock); /* May sleep; not with the VM lock held. */
/* The same for the address space of a child being made, while its parent's is held. */
void port_lock_acquire_child(struct port_lock *lock);
void port_lock_release(struct port_lock *lock);
bool port_lock_is_mine(const struct port_lock *lock);

/* Memory of frames: where the kernel sees frame FRAMENO. */
void *port_frame_memory(frameno_t frameno);
void port_zero_page(void *memory);
void port_copy_page(void *dst, const void *src);

/* Page tables: arch/i386/pmap.h tells what each does.  All but create and destroy with the VM lock held.
   Enter and copy_run fail if there is no memory for a page table, which goes with the last page in it. */
struct pmap;
struct pmap *port_pmap_create(void);
void port_pmap_destroy(struct pmap *pmap);
bool port_pmap_enter(struct pmap *pmap, vpn_t vpn, frameno_t frameno, bool writable);
bool port_pmap_remove(struct pmap *pmap, vpn_t vpn);
void port_pmap_write_protect(struct pmap *pmap, vpn_t vpn);
/* The same for many: VPN + i, which are mapped, for each bit i of MASK; VPN is a multiple of 32. */
uint32_t port_pmap_remove_run(struct pmap *pmap, vpn_t vpn, uint32_t mask);
void port_pmap_write_protect_run(struct pmap *pmap, vpn_t vpn, uint32_t mask);
uint32_t port_pmap_drop_run(struct pmap *pmap, vpn_t vpn, uint32_t mask);
bool port_pmap_copy_run(struct pmap *pmap, struct pmap *source, vpn_t vpn, uint32_t mask);
bool port_pmap_take_accessed(struct pmap *pmap, vpn_t vpn);
bool port_pmap_take_dirty(struct pmap *pmap, vpn_t vpn);
bool port_pmap_is_dirty(struct pmap *pmap, vpn_t vpn);
bool port_pmap_lookup(struct pmap *pmap, vpn_t vpn, frameno_t *frameno, bool *writable);
vpn_t port_pmap_next(struct pmap *pmap, vpn_t vpn, vpn_t end);

/* Copies between kernel and user memory of the running process; one of DST and SRC is a user
   address.  With ERROR the copy resolves faults through vm_fault() and may sleep; *ERROR says why it
   stopped, VM_OK if it did not.  With NULL it stops at the first page that is not mapped with the
   right needed.  Returns the bytes NOT copied. */
size_t port_copy_from_user(void *dst, uaddr_t src, size_t size, int *error);
size_t port_copy_to_user(uaddr_t dst, const void *src, size_t size, int *error);
/* A string with its terminator: its length, SIZE if it does not end within SIZE bytes, or the vm_error
   of a fault that could not be resolved.  May sleep. */
long port_copy_string(char *dst, uaddr_t src, size_t size);

/* A number that stays the same while the running thread's program has not got on: at its next fault it is another
   if an instruction completed meanwhile.  A system call is one instruction. */
uint32_t port_progress(void);

/* The swap device: COUNT pages from SLOT on.  May sleep; not with the VM lock held.  VM_OK or
   VM_EIO. */
slot_t port_swap_slots(void); /* 0: there is no swap. */
int port_swap_read(slot_t slot, unsigned count, void *const memory[]);
int port_swap_write(slot_t slot, unsigned count, void *const memory[]);

/* Lets other threads run: each that is ready, for a time slice if it goes on so long; all for at least MS
   milliseconds.  Not with the VM lock held. */
void port_yield(void);
void port_sleep_ms(uint32_t ms);

#endif
