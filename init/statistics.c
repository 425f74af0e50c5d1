/* Statistics. */
#include "init/statistics.h"
#include "dev/block.h"
#include "dev/timer.h"
#include "kern/print.h"
#include "kern/thread.h"
#include "proc/process.h"
#include "vm/vm.h"

/* Prints how many sectors BLOCK, a partition in use, has moved. */
static void print_block(struct block *block, void *unused) {
  (void)unused;
  if (block->role == BLOCK_RAW || block->role == BLOCK_KERNEL) return;
  kprintf("%s (%s): %llu reads, %llu writes\n", block->name, block_role_name(block->role),
          (unsigned long long)block->sectors_read, (unsigned long long)block->sectors_written);
}

/* Prints what the VM did. */
static void print_vm(void) {
  struct vm_stats vm;
  vm_get_stats(&vm);
  kprintf("VM: %u faults (%u zero, %u cached, %u file, %u swap, %u copied, %u bad), "
          "%llu clean and %llu dirty evictions\n",
          (unsigned)vm.totals.faults, (unsigned)vm.totals.faults_zero,
          (unsigned)vm.totals.faults_cached, (unsigned)vm.totals.faults_file,
          (unsigned)vm.totals.faults_swap, (unsigned)vm.totals.faults_cow,
          (unsigned)vm.totals.faults_error, (unsigned long long)vm.evictions_clean,
          (unsigned long long)vm.evictions_dirty);
}

/* Prints all statistics. */
void statistics_print(void) {
  kprintf("Timer: %llu ticks\n", (unsigned long long)timer_ticks());
  kprintf("Thread: %llu idle ticks, %llu kernel ticks, %llu user ticks\n",
          (unsigned long long)thread_stats.idle_ticks, (unsigned long long)thread_stats.kernel_ticks,
          (unsigned long long)thread_stats.user_ticks);
  block_for_each(print_block, NULL);
  kprintf("Exception: %u page faults\n", (unsigned)exception_page_faults());
  print_vm();
}
