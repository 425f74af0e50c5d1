/* The kernel's answers to vm/port.h.

   The VM lock is the processor itself: its holder has preemption disabled, and a sleep in
   port_wait() is the only way to lose it.  Interrupt handlers never touch what it guards. */
#include "vm/port.h"
#include "init/port.h"
#include "init/devices.h"
#include "arch/i386/cpu.h"
#include "arch/i386/intr.h"
#include "arch/i386/io.h"
#include "arch/i386/memory.h"
#include "arch/i386/pmap.h"
#include "arch/i386/usercopy.h"
#include "dev/block.h"
#include "dev/timer.h"
#include "kern/memory.h"
#include "kern/print.h"
#include "kern/sync.h"
#include "kern/thread.h"
#include "lib/round.h"
#include "lib/string.h"
#include "vm/error.h"
#include "vm/frame.h"
#include "vm/supply.h"

#define SECTORS_PER_PAGE (VM_PAGE_SIZE / SECTOR_SIZE)
#define SWAP_RUNS_MAX    16
#define EVENT_PORT       0xe8 /* Nobody is there; an emulator may stop at writes to it. */

_Static_assert(sizeof(struct lock) <= sizeof(struct port_lock), "a lock fits its port_lock");
_Static_assert(VM_PAGE_SIZE == PAGE_SIZE, "one size of pages");

static uint8_t *pool;
static const struct swap_choice *swaps;
static struct thread *vm_lock_holder;

/* A free frame's memory for the kernel, or NULL. */
static void *lend_page(void) {
  struct frame *frame = supply_lend_kernel();
  return frame != NULL ? frame_memory(frame) : NULL;
}

/* Takes back what lend_page() gave. */
static void take_page_back(void *page) {
  supply_take_back(frame_at(((uint8_t *)page - pool) / VM_PAGE_SIZE));
}

/* Notes the memory of the user pool and the swap devices. */
void port_init(void *user_pool, const struct swap_choice *swap) {
  pool = user_pool;
  swaps = swap;
}

/* From now on the kernel may borrow frames. */
void port_lend_frames(void) {
  static const struct page_lender lender = {lend_page, take_page_back, supply_may_lend_kernel,
                                            supply_make_lendable};
  memory_set_lender(&lender);
}

/* SIZE bytes of kernel memory, or NULL. */
void *port_alloc(size_t size) {
  return kmalloc(size);
}

/* Makes kernel memory. */
bool port_memory_make(void) {
  return memory_make();
}

/* Whether page faults need what memory is left. */
bool port_memory_is_low(void) {
  return memory_is_low();
}

/* Gives BLOCK back. */
void port_free(void *block) {
  kfree(block);
}

/* Takes the VM lock. */
void port_vm_lock(void) {
  preempt_disable();
  ASSERT(vm_lock_holder == NULL);
  vm_lock_holder = thread_current();
}

/* Gives the VM lock back; a thread that became ready meanwhile may run now. */
void port_vm_unlock(void) {
  ASSERT(port_vm_locked());
  vm_lock_holder = NULL;
  preempt_enable();
}

/* Whether the running thread has the VM lock. */
bool port_vm_locked(void) {
  return vm_lock_holder == thread_current();
}

/* Sleeps on CHANNEL without the VM lock. */
void port_wait(const void *channel, const char *reason) {
  ASSERT(port_vm_locked());
  vm_lock_holder = NULL;
  channel_sleep(channel, reason);
  ASSERT(vm_lock_holder == NULL);
  vm_lock_holder = thread_current();
}

/* Wakes all who sleep on CHANNEL. */
void port_wake(const void *channel) {
  channel_wake(channel);
}

/* Makes LOCK the lock of an address space. */
void port_lock_init(struct port_lock *lock) {
  lock_init((struct lock *)lock, RANK_ADDRSPACE, "address space");
}

/* Takes LOCK. */
void port_lock_acquire(struct port_lock *lock) {
  ((struct lock *)lock)->rank = RANK_ADDRSPACE;
  lock_acquire((struct lock *)lock);
}

/* Takes LOCK, of a child's address space, while its parent's is held.  Nobody else knows the child, so
   its rank may change; whoever takes it next gives it the usual one. */
void port_lock_acquire_child(struct port_lock *lock) {
  ((struct lock *)lock)->rank = RANK_ADDRSPACE_CHILD;
  lock_acquire((struct lock *)lock);
}

/* Gives LOCK back. */
void port_lock_release(struct port_lock *lock) {
  lock_release((struct lock *)lock);
}

/* Whether the running thread has LOCK. */
bool port_lock_is_mine(const struct port_lock *lock) {
  return lock_is_mine((const struct lock *)lock);
}

/* Where the kernel sees frame FRAMENO. */
void *port_frame_memory(frameno_t frameno) {
  return pool + frameno * VM_PAGE_SIZE;
}

/* Clears the page at MEMORY. */
void port_zero_page(void *memory) {
  preempt_disable();
  page_fill(memory, 0);
  preempt_enable();
}

/* Copies a page. */
void port_copy_page(void *dst, const void *src) {
  preempt_disable();
  page_copy(dst, src);
  preempt_enable();
}

/* A new pmap, or NULL. */
struct pmap *port_pmap_create(void) {
  return pmap_create();
}

/* Frees PMAP. */
void port_pmap_destroy(struct pmap *pmap) {
  if (thread_current()->pmap == pmap) thread_set_pmap(NULL);
  pmap_destroy(pmap);
}

/* Maps VPN to frame FRAMENO; false if there is no memory for the page table. */
bool port_pmap_enter(struct pmap *pmap, vpn_t vpn, frameno_t frameno, bool writable) {
  return pmap_enter(pmap, vpn_address(vpn), kernel_to_phys(port_frame_memory(frameno)), writable);
}

/* Unmaps VPN; whether it was written through. */
bool port_pmap_remove(struct pmap *pmap, vpn_t vpn) {
  return pmap_remove(pmap, vpn_address(vpn));
}

/* Takes the right to write away from VPN. */
void port_pmap_write_protect(struct pmap *pmap, vpn_t vpn) {
  pmap_write_protect(pmap, vpn_address(vpn));
}

/* Unmaps those of 32 pages that MASK names; which were written through. */
uint32_t port_pmap_remove_run(struct pmap *pmap, vpn_t vpn, uint32_t mask) {
  return pmap_remove_run(pmap, vpn_address(vpn), mask);
}

/* Takes the right to write away from those of 32 pages that MASK names. */
void port_pmap_write_protect_run(struct pmap *pmap, vpn_t vpn, uint32_t mask) {
  pmap_write_protect_run(pmap, vpn_address(vpn), mask);
}

/* Unmaps those of 32 pages that MASK names, of a PMAP in which nobody runs any more. */
uint32_t port_pmap_drop_run(struct pmap *pmap, vpn_t vpn, uint32_t mask) {
  return pmap_drop_run(pmap, vpn_address(vpn), mask);
}

/* Maps those of 32 pages that MASK names as SOURCE does, to be read; false if there is no memory. */
bool port_pmap_copy_run(struct pmap *pmap, struct pmap *source, vpn_t vpn, uint32_t mask) {
  return pmap_copy_run(pmap, source, vpn_address(vpn), mask);
}

/* Whether VPN was touched since this was asked the last time. */
bool port_pmap_take_accessed(struct pmap *pmap, vpn_t vpn) {
  return pmap_take_accessed(pmap, vpn_address(vpn));
}

/* Whether VPN was written since this was asked the last time. */
bool port_pmap_take_dirty(struct pmap *pmap, vpn_t vpn) {
  return pmap_take_dirty(pmap, vpn_address(vpn));
}

/* Whether VPN was written. */
bool port_pmap_is_dirty(struct pmap *pmap, vpn_t vpn) {
  return pmap_is_dirty(pmap, vpn_address(vpn));
}

/* What VPN maps to. */
bool port_pmap_lookup(struct pmap *pmap, vpn_t vpn, frameno_t *frameno, bool *writable) {
  uint32_t physical;
  if (!pmap_lookup(pmap, vpn_address(vpn), &physical, writable)) return false;
  *frameno = ((uint8_t *)phys_to_kernel(physical) - pool) / VM_PAGE_SIZE;
  return true;
}

/* The first mapped page from VPN on and below END. */
vpn_t port_pmap_next(struct pmap *pmap, vpn_t vpn, vpn_t end) {
  return vpn_of(pmap_next(pmap, vpn_address(vpn), vpn_address(end)));
}

/* Whether page SRC was copied to page DST, one of which is the user's, by a way that is shorter than usercopy().  The first
   word tells whether the page is there; while nobody else runs, it stays so. */
static bool copy_whole_page(void *dst, const void *src) {
  int not_mapped;
  preempt_disable();
  bool there = usercopy(dst, src, sizeof(uint32_t), &not_mapped) == 0;
  if (there) page_copy(dst, src);
  preempt_enable();
  return there;
}

/* Copies between kernel and user memory; without ERROR, faults end it at once. */
static size_t copy(void *dst, const void *src, size_t size, int *error) {
  if (error != NULL) {
    *error = VM_OK;
    return usercopy(dst, src, size, error);
  }
  struct thread *self = thread_current();
  int not_mapped;
  bool is_page = size == PAGE_SIZE && ((uintptr_t)dst | (uintptr_t)src) % PAGE_SIZE == 0;
  self->faults_disabled++;
  size_t left = is_page && copy_whole_page(dst, src) ? 0 : usercopy(dst, src, size, &not_mapped);
  self->faults_disabled--;
  return left;
}

/* Copies SIZE bytes from user address SRC. */
size_t port_copy_from_user(void *dst, uaddr_t src, size_t size, int *error) {
  return copy(dst, (const void *)(uintptr_t)src, size, error);
}

/* Copies SIZE bytes to user address DST. */
size_t port_copy_to_user(uaddr_t dst, const void *src, size_t size, int *error) {
  return copy((void *)(uintptr_t)dst, src, size, error);
}

/* Copies a string from user address SRC. */
long port_copy_string(char *dst, uaddr_t src, size_t size) {
  return usercopy_string(dst, (const char *)(uintptr_t)src, size);
}

/* The registers with which the running thread's program entered the kernel, added up so that each counts in
   another way: they stand at the top of its stack. */
uint32_t port_progress(void) {
  const struct trap_frame *frame =
      (const struct trap_frame *)((const char *)thread_current() + THREAD_SIZE) - 1;
  uint32_t registers[] = {frame->edi, frame->esi, frame->ebp, frame->ebx, frame->edx,
                          frame->ecx, frame->eax, frame->esp, frame->eip};
  uint32_t sum = 0;
  for (unsigned i = 0; i < ARRAY_SIZE(registers); i++) sum = sum * 31 + registers[i];
  return sum;
}

/* Slots of swap device NUMBER. */
bool port_swap_device(unsigned number, struct port_swap *device) {
  const struct swap_choice *choice = &swaps[number];
  if (choice->block == NULL) return false;
  *device = (struct port_swap){choice->block->sectors / SECTORS_PER_PAGE, choice->priority};
  return true;
}

/* Moves COUNT pages at MEMORY from or to the slots from SLOT on, in one request. */
static int swap_transfer(bool write, slot_t slot, unsigned count, void *const memory[]) {
  struct block_run runs[SWAP_RUNS_MAX];
  const struct swap_choice *choice = swaps;
  ASSERT(count <= SWAP_RUNS_MAX);
  for (slot_t slots; slot >= (slots = choice->block->sectors / SECTORS_PER_PAGE); choice++)
    slot -= slots;
  for (unsigned i = 0; i < count; i++)
    runs[i] = (struct block_run){.memory = memory[i], .bytes = VM_PAGE_SIZE};
  struct block_request request = {
      .write = write, .sector = slot * SECTORS_PER_PAGE, .runs = runs, .count = count};
  int error = block_transfer(choice->block, &request);
  return error == BLOCK_OK ? VM_OK : VM_EIO;
}

/* Reads COUNT pages from SLOT on. */
int port_swap_read(slot_t slot, unsigned count, void *const memory[]) {
  return swap_transfer(false, slot, count, memory);
}

/* Writes COUNT pages to the slots from SLOT on. */
int port_swap_write(slot_t slot, unsigned count, void *const memory[]) {
  return swap_transfer(true, slot, count, memory);
}

/* Lets other threads run. */
void port_yield(void) {
  thread_yield();
}

/* Sleeps for MS milliseconds. */
void port_sleep_ms(uint32_t ms) {
  timer_sleep_ms(ms);
}

/* The processor's counter of time stamps. */
uint64_t port_time(void) {
  return cpu_read_tsc();
}

/* Shows KIND to an emulator. */
void port_event(unsigned kind) {
  io_out32(EVENT_PORT, kind);
}
