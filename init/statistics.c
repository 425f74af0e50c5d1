/* What it all cost. */
#include "init/statistics.h"
#include "dev/timer.h"
#include "init/devices.h"
#include "kern/print.h"
#include "kern/thread.h"
#include "proc/process.h"
#include "proc/suspend.h"
#include "vm/vm.h"

/* Prints what the VM did since boot. */
static void print_vm(void) {
  struct vm_stats stats;
  vm_get_stats(&stats);
  const struct vm_counters *totals = &stats.totals;
  kprintf("VM: %u faults: %u zero, %u cached, %u file, %u swap, %u copied, %u refused; "
          "%u grew the stack\n",
          (unsigned)vm_count_faults(totals), (unsigned)totals->faults_of[FAULT_ZERO],
          (unsigned)totals->faults_of[FAULT_CACHED], (unsigned)totals->faults_of[FAULT_FILE],
          (unsigned)totals->faults_of[FAULT_SWAP], (unsigned)totals->faults_of[FAULT_COW],
          (unsigned)totals->faults_of[FAULT_ERROR], (unsigned)totals->faults_stack);
  kprintf("VM: swap %llu pages in by %llu reads, %llu out by %llu writes; evicted %llu clean, "
          "%llu dirty\n",
          (unsigned long long)stats.swap_reads, (unsigned long long)stats.swap_read_requests,
          (unsigned long long)stats.swap_writes, (unsigned long long)stats.swap_write_requests,
          (unsigned long long)stats.evictions_clean, (unsigned long long)stats.evictions_dirty);
}

/* Prints what load control did. */
static void print_load(void) {
  kprintf("Load: %u suspended, %u resumed, %u ticks\n", (unsigned)suspend_stats.suspensions,
          (unsigned)suspend_stats.resumptions, (unsigned)suspend_stats.ticks);
}

/* Prints the statistics of all parts. */
void statistics_print(void) {
  kprintf("Timer: %llu ticks\n", (unsigned long long)timer_ticks());
  kprintf("Thread: %llu idle ticks, %llu kernel ticks, %llu user ticks, %llu switches\n",
          (unsigned long long)thread_stats.idle_ticks,
          (unsigned long long)thread_stats.kernel_ticks,
          (unsigned long long)thread_stats.user_ticks, (unsigned long long)thread_stats.switches);
  devices_print_stats();
  kprintf("Exception: %u page faults\n", (unsigned)page_fault_count());
  print_vm();
  print_load();
}
