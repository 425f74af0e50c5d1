/* System calls that tell about memory, and the limits of a process. */
#include "dev/timer.h"
#include "kern/memory.h"
#include "lib/round.h"
#include "proc/suspend.h"
#include "proc/syscall.h"
#include "proc/syscall_numbers.h"
#include "proc/vm_info.h"
#include "vm/error.h"
#include "vm/user.h"
#include "vm/vm.h"

/* Copies the counters of address space AS to INFO. */
static void fill_process(struct vm_info *info, struct addrspace *as) {
  const struct vm_counters *c = &as->counters;
  info->faults = vm_count_faults(c);
  info->faults_zero = c->faults_of[FAULT_ZERO];
  info->faults_cached = c->faults_of[FAULT_CACHED];
  info->faults_file = c->faults_of[FAULT_FILE];
  info->faults_swap = c->faults_of[FAULT_SWAP];
  info->faults_cow = c->faults_of[FAULT_COW];
  info->faults_stack = c->faults_stack;
  info->faults_error = c->faults_of[FAULT_ERROR];
  info->resident = c->resident;
  info->swapped = c->swapped;
  info->shared = addrspace_count_shared(as);
}

/* Copies the system's figures to INFO; they lose their upper halves there. */
static void fill_system(struct vm_info *info) {
  struct vm_stats s;
  vm_get_stats(&s);
  info->frames_total = s.frames_total;
  info->frames_free = s.frames_free;
  info->slots_total = s.slots_total;
  info->slots_used = s.slots_used;
  info->swap_reads = (uint32_t)s.swap_reads;
  info->swap_writes = (uint32_t)s.swap_writes;
  info->swap_read_requests = (uint32_t)s.swap_read_requests;
  info->swap_write_requests = (uint32_t)s.swap_write_requests;
  info->file_reads = (uint32_t)s.file_reads;
  info->file_writes = (uint32_t)s.file_writes;
  info->file_read_requests = (uint32_t)s.file_read_requests;
  info->file_write_requests = (uint32_t)s.file_write_requests;
  info->evictions_clean = (uint32_t)s.evictions_clean;
  info->evictions_dirty = (uint32_t)s.evictions_dirty;
  info->pages_cached = s.pages_cached;
  info->frames_dirty = s.frames_dirty;
  info->slots_bad = s.slots_bad;
  info->frames_kernel = s.frames_kernel;
  info->ticks = (uint32_t)timer_ticks();
}

/* Copies the figures of the kernel's own memory to INFO. */
static void fill_kernel(struct vm_info *info) {
  struct memory_stats s = memory_stats();
  info->kernel_pages_total = s.pages_total;
  info->kernel_pages_free = s.pages_free;
  info->kernel_blocks = s.blocks;
  info->kernel_bytes = s.bytes;
  info->threads = thread_count();
}

/* Copies the figures of load control to INFO. */
static void fill_load(struct vm_info *info) {
  info->suspended = suspend_stats.now;
  info->suspensions = suspend_stats.suspensions;
  info->resumptions = suspend_stats.resumptions;
  info->suspended_ticks = suspend_stats.ticks;
}

/* vm_info(buffer, size): fills in as much of struct vm_info as SIZE allows; the bytes filled in. */
int32_t sys_vm_info(const uint32_t *arguments) {
  struct addrspace *as = process_current()->as;
  uint32_t buffer = arguments[0], size = MIN(arguments[1], (uint32_t)sizeof(struct vm_info));
  struct vm_info info;
  syscall_check(user_check(as, buffer, size, ACCESS_WRITE), buffer);
  fill_process(&info, as);
  fill_system(&info);
  fill_kernel(&info);
  fill_load(&info);
  syscall_check(user_write(as, buffer, &info, size), buffer);
  return (int32_t)size;
}

/* vm_mark(text): 0.  A text that is too long is cut; one that is not in valid memory ends the process. */
int32_t sys_vm_mark(const uint32_t *arguments) {
  char *text;
  syscall_string(arguments[0], &text);
  if (text == NULL) return VM_ENOMEM;
  event_text(EVENT_MARK, process_current()->as->number, text);
  page_free(text, 1);
  if (event_ring.flags & EVENTS_TABLES) event_tables();
  return VM_OK;
}

/* Where LIMIT of AS is kept, or NULL. */
static uint32_t *limit_of(struct addrspace *as, uint32_t limit) {
  switch (limit) {
  case LIMIT_STACK: return &as->stack_limit;
  case LIMIT_HEAP: return &as->heap_limit;
  case LIMIT_LOCKED: return &as->locked_limit;
  }
  return NULL;
}

/* getrlimit(limit, uint32_t *bytes). */
int32_t sys_getrlimit(const uint32_t *arguments) {
  struct addrspace *as = process_current()->as;
  const uint32_t *limit = limit_of(as, arguments[0]);
  if (limit == NULL) return VM_EINVAL;
  syscall_check(user_write(as, arguments[1], limit, sizeof *limit), arguments[1]);
  return VM_OK;
}

/* setrlimit(limit, bytes).  A stack keeps at least a page and leaves half of user space free. */
int32_t sys_setrlimit(const uint32_t *arguments) {
  struct addrspace *as = process_current()->as;
  uint32_t *limit = limit_of(as, arguments[0]);
  uint32_t bytes = arguments[1];
  if (limit == NULL) return VM_EINVAL;
  if (arguments[0] == LIMIT_STACK && (bytes < VM_PAGE_SIZE || bytes > USER_END / 2))
    return VM_EINVAL;
  *limit = bytes;
  return VM_OK;
}
