/* The door of the VM: all that it asks of its surroundings.  The kernel answers in init/port.c,
   the host rig in host/.

   Unless it says so, nothing here sleeps and everything may be called with the VM lock held. */
#ifndef VM_PORT_H
#define VM_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include "lib/debug.h"
#include "vm/types.h"

/* SIZE bytes of kernel memory, or NULL if there is none.  With the VM lock it takes what is at hand; without, it may sleep
   and evict pages. */
void *port_alloc(size_t size);
/* Frees BLOCK; NULL is fine. */
void port_free(void *block);
/* Whether so little is left that only page faults should take it: whoever can say no, does. */
bool port_memory_is_low(void);

/* With nothing pinned and no lock but address spaces': makes kernel memory by evicting pages, for who found none
   with the VM lock held and tries again.  False if there is none to be had.  May sleep; not with the VM lock. */
bool port_memory_make(void);

/* The VM lock: guards frames, page states, slots, stores' pages, pmap entries and the policy.
   Short; its holder never sleeps except in port_wait(). */
void port_vm_lock(void);
/* Gives the VM lock up, which the caller has. */
void port_vm_unlock(void);
/* Whether the caller has the VM lock. */
bool port_vm_locked(void);
/* Sleeps until port_wake(CHANNEL), which REASON names in reports.  VM lock on entry and on return, given up meanwhile;
   callers look again. */
void port_wait(const void *channel, const char *reason);
/* Wakes all who wait for CHANNEL. */
void port_wake(const void *channel);

/* Locks that may be held while sleeping: one for each address space. */
struct port_lock {
  void *words[8];
};
/* Makes LOCK one that nobody has. */
void port_lock_init(struct port_lock *lock);
/* Takes LOCK.  Not with the VM lock held.  May sleep. */
void port_lock_acquire(struct port_lock *lock);
/* Takes the lock of a child's address space that is being made, while its parent's is held.  May sleep. */
void port_lock_acquire_child(struct port_lock *lock);
/* Gives LOCK back, which the caller has. */
void port_lock_release(struct port_lock *lock);
/* Whether the caller has LOCK. */
bool port_lock_is_mine(const struct port_lock *lock);

/* Memory of frames: where the kernel sees frame FRAMENO. */
void *port_frame_memory(frameno_t frameno);
/* Fills the page at MEMORY with zeroes. */
void port_zero_page(void *memory);
/* Copies the page at SRC to DST. */
void port_copy_page(void *dst, const void *src);

/* Page tables.  All but create and destroy with the VM lock held.  A page table goes with the last page in it.  A run is many
   pages at once: VPN + i, which are mapped, for each bit i of MASK; VPN is a multiple of 32. */
struct pmap;
/* A pmap that maps nothing; NULL if there is no memory.  May sleep. */
struct pmap *port_pmap_create(void);
/* Frees PMAP, which maps nothing. */
void port_pmap_destroy(struct pmap *pmap);
/* Maps frame FRAMENO at VPN, in the place of what was there; false if there is no memory for a page table. */
bool port_pmap_enter(struct pmap *pmap, vpn_t vpn, frameno_t frameno, bool writable);
/* Unmaps VPN; whether it was written through this entry. */
bool port_pmap_remove(struct pmap *pmap, vpn_t vpn);
/* Takes the right to write away from VPN; what the dirty bit says stays. */
void port_pmap_write_protect(struct pmap *pmap, vpn_t vpn);
/* Unmaps a run; a bit for each page that was written through its entry. */
uint32_t port_pmap_remove_run(struct pmap *pmap, vpn_t vpn, uint32_t mask);
/* Takes the right to write away from a run. */
void port_pmap_write_protect_run(struct pmap *pmap, vpn_t vpn, uint32_t mask);
/* Unmaps a run of a pmap that nobody runs in any more; a bit for each page that was written through its entry. */
uint32_t port_pmap_drop_run(struct pmap *pmap, vpn_t vpn, uint32_t mask);
/* Maps what SOURCE has in a run, to be read; false, and nothing changed, if there is no memory for a page table. */
bool port_pmap_copy_run(struct pmap *pmap, struct pmap *source, vpn_t vpn, uint32_t mask);
/* Whether VPN, which is mapped, was touched since this was asked the last time. */
bool port_pmap_take_accessed(struct pmap *pmap, vpn_t vpn);
/* Whether VPN was written since this was asked the last time; false if it is not mapped. */
bool port_pmap_take_dirty(struct pmap *pmap, vpn_t vpn);
/* Whether VPN, which is mapped, was written since port_pmap_take_dirty(). */
bool port_pmap_is_dirty(struct pmap *pmap, vpn_t vpn);
/* Whether VPN is mapped, and to what. */
bool port_pmap_lookup(struct pmap *pmap, vpn_t vpn, frameno_t *frameno, bool *writable);
/* The first page from VPN on and below END that is mapped, or END. */
vpn_t port_pmap_next(struct pmap *pmap, vpn_t vpn, vpn_t end);

/* Copies between kernel and user memory of the running process; one of DST and SRC is a user
   address.  With ERROR the copy resolves faults through vm_fault() and may sleep; *ERROR says why it
   stopped, VM_OK if it did not.  With NULL it stops at the first page that is not mapped with the
   right needed.  Returns the bytes NOT copied. */
size_t port_copy_from_user(void *dst, uaddr_t src, size_t size, int *error);
/* Copies from SRC to user memory DST, as port_copy_from_user() does the other way. */
size_t port_copy_to_user(uaddr_t dst, const void *src, size_t size, int *error);
/* A string with its terminator: its length, SIZE if it does not end within SIZE bytes, or the vm_error
   of a fault that could not be resolved.  May sleep. */
long port_copy_string(char *dst, uaddr_t src, size_t size);

/* A number that stays the same while the running thread's program has not got on: at its next fault it is another
   if an instruction completed meanwhile.  A system call is one instruction. */
uint32_t port_progress(void);

/* A swap device.  Slots are numbered through all of them, the one with the highest priority first. */
struct port_swap {
  slot_t slots;
  int priority;
};
/* Fills *DEVICE with swap device NUMBER, from 0 on, the highest priority first; false if there is no such. */
bool port_swap_device(unsigned number, struct port_swap *device);
/* Reads COUNT pages of one device from SLOT on, page i into MEMORY[i].  Not with the VM lock held.  May sleep.  VM_OK or
   VM_EIO. */
int port_swap_read(slot_t slot, unsigned count, void *const memory[]);
/* Writes COUNT pages of one device from SLOT on, page i from MEMORY[i].  Not with the VM lock held.  May sleep.  VM_OK or VM_EIO. */
int port_swap_write(slot_t slot, unsigned count, void *const memory[]);

/* Lets each other thread run that is ready, for a time slice if it goes on so long.  Not with the VM lock held. */
void port_yield(void);
/* Sleeps for at least MS milliseconds.  Not with the VM lock held. */
void port_sleep_ms(uint32_t ms);

/* What events are stamped with: a clock that never goes back, in ticks of its own. */
uint64_t port_time(void);
/* An event of KIND was recorded: for who watches the machine from outside. */
void port_event(unsigned kind);

#endif
