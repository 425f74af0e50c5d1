/* Reports about the system, by the names and in the format of Linux; docs/interface.md tells what each counts. */
#include "arch/i386/intr.h"
#include "dev/clock.h"
#include "dev/timer.h"
#include "kern/memory.h"
#include "kern/thread.h"
#include "proc/report.h"
#include "proc/tree.h"
#include "vm/policy.h"
#include "vm/vm.h"

#define PAGE_KB (VM_PAGE_SIZE / 1024)

/* Frames of STATS that hold pages of processes' own: neither a file's nor to be shared. */
static uint32_t count_own_frames(const struct vm_stats *stats) {
  uint32_t others = stats->frames_free + stats->frames_kernel + stats->pages_cached;
  return stats->frames_total > others ? stats->frames_total - others : 0;
}

/* Prints a line of meminfo. */
static void print_kb(struct report_text *text, const char *name, uint32_t kb) {
  report_print(text, "%-16s%8u kB\n", name, (unsigned)kb);
}

/* /proc/meminfo.  Memory is the kernel's pool and the user pool; what the kernel has borrowed from the latter is used. */
bool report_meminfo(struct report_text *text, int pid) {
  struct vm_stats s;
  struct memory_stats kernel = memory_stats();
  (void)pid;
  vm_get_stats(&s);
  uint32_t clean = s.pages_cached - s.frames_shared - s.frames_unsynced;
  print_kb(text, "MemTotal:", (s.frames_total + kernel.pages_total) * PAGE_KB);
  print_kb(text, "MemFree:", (s.frames_free + kernel.pages_free) * PAGE_KB);
  print_kb(text, "MemAvailable:", (s.frames_free + kernel.pages_free + clean) * PAGE_KB);
  print_kb(text, "Buffers:", 0);
  print_kb(text, "Cached:", s.pages_cached * PAGE_KB);
  print_kb(text, "SwapCached:", s.frames_slots * PAGE_KB);
  print_kb(text, "Mlocked:", s.frames_locked * PAGE_KB);
  print_kb(text, "SwapTotal:", (s.slots_total - s.slots_bad) * PAGE_KB);
  print_kb(text, "SwapFree:", (s.slots_total - s.slots_bad - s.slots_used) * PAGE_KB);
  print_kb(text, "Dirty:", s.frames_unsynced * PAGE_KB);
  print_kb(text, "AnonPages:", count_own_frames(&s) * PAGE_KB);
  print_kb(text, "Mapped:", s.frames_mapped * PAGE_KB);
  print_kb(text, "Shmem:", s.frames_shared * PAGE_KB);
  print_kb(text, "Slab:", kernel.bytes / 1024);
  print_kb(text, "KernelStack:", thread_count() * THREAD_SIZE / 1024);
  return true;
}

/* Prints a line of vmstat. */
static void print_count(struct report_text *text, const char *name, uint64_t count) {
  report_print(text, "%s %llu\n", name, (unsigned long long)count);
}

/* Prints what there is now. */
static void print_now(struct report_text *text, const struct vm_stats *s) {
  print_count(text, "nr_free_pages", s->frames_free);
  print_count(text, "nr_mlock", s->frames_locked);
  print_count(text, "nr_anon_pages", count_own_frames(s));
  print_count(text, "nr_mapped", s->frames_mapped);
  print_count(text, "nr_file_pages", s->pages_cached);
  print_count(text, "nr_dirty", s->frames_unsynced);
  print_count(text, "nr_shmem", s->frames_shared);
}

/* Prints what there was since boot. */
static void print_events(struct report_text *text, const struct vm_stats *s) {
  const struct vm_counters *totals = &s->totals;
  uint32_t faults = vm_count_faults(totals) - totals->faults_of[FAULT_ERROR];
  print_count(text, "pgpgin", (s->file_reads + s->swap_reads) * PAGE_KB);
  print_count(text, "pgpgout", (s->file_writes + s->swap_writes) * PAGE_KB);
  print_count(text, "pswpin", s->swap_reads);
  print_count(text, "pswpout", s->swap_writes);
  print_count(text, "pgfault", faults);
  print_count(text, "pgmajfault", totals->faults_of[FAULT_FILE] + totals->faults_of[FAULT_SWAP]);
  print_count(text, "pgscan", s->scans);
  print_count(text, "pgsteal", s->evictions_clean + s->evictions_dirty);
}

/* Prints what Linux does not count. */
static void print_own(struct report_text *text, const struct vm_stats *s) {
  print_count(text, "quire_frames", s->frames_total);
  print_count(text, "quire_frames_kernel", s->frames_kernel);
  print_count(text, "quire_frames_dirty", s->frames_dirty);
  print_count(text, "quire_slots_used", s->slots_used);
  print_count(text, "quire_slots_bad", s->slots_bad);
  print_count(text, "quire_fault_zero", s->totals.faults_of[FAULT_ZERO]);
  print_count(text, "quire_fault_copy", s->totals.faults_of[FAULT_COW]);
  print_count(text, "quire_fault_refused", s->totals.faults_of[FAULT_ERROR]);
  print_count(text, "quire_steal_clean", s->evictions_clean);
  print_count(text, "quire_swap_reads", s->swap_read_requests);
  print_count(text, "quire_swap_writes", s->swap_write_requests);
  print_count(text, "quire_file_reads", s->file_read_requests);
  print_count(text, "quire_file_writes", s->file_write_requests);
}

/* /proc/vmstat. */
bool report_vmstat(struct report_text *text, int pid) {
  struct vm_stats stats;
  (void)pid;
  vm_get_stats(&stats);
  print_now(text, &stats);
  print_events(text, &stats);
  print_own(text, &stats);
  return true;
}

/* Prints the names of all policies, the default first. */
static void print_policies(struct report_text *text) {
  const struct policy *policy;
  report_write(text, "known    ", 9);
  for (unsigned i = 0; (policy = policy_number(i)) != NULL; i++)
    report_print(text, " %s", policy->name);
  report_write(text, "\n", 1);
}

/* /proc/policy: which one it is, and what it had to do. */
bool report_policy(struct report_text *text, int pid) {
  struct vm_stats s;
  (void)pid;
  vm_get_stats(&s);
  uint64_t victims = s.evictions_clean + s.evictions_dirty;
  report_print(text, "policy    %s\nabout     %s\n", s.policy->name, s.policy->summary);
  print_policies(text);
  report_print(text, "frames    %u\npinned    %u\n", (unsigned)s.frames_total,
               (unsigned)s.frames_pinned);
  report_print(text, "victims   %llu\nclean     %llu\ndirty     %llu\nscanned   %llu\n",
               (unsigned long long)victims, (unsigned long long)s.evictions_clean,
               (unsigned long long)s.evictions_dirty, (unsigned long long)s.scans);
  if (vm_options.cluster > 0)
    report_print(text, "cluster   %u\n", (unsigned)vm_options.cluster);
  else
    report_print(text, "cluster   as many as suit\n");
  report_print(text, "readahead %s\nreserve   %s\n", vm_options.readahead_off ? "off" : "on",
               vm_options.reserve_off ? "off" : "on");
  return true;
}

/* Processes by what they do. */
struct activity {
  unsigned running, blocked;
};

/* Counts PROCESS, whose thread may be gone.  Interrupts are off. */
static void count_activity(struct activity *activity, const struct process *process) {
  const struct thread *thread = process->thread;
  if (thread == NULL) return;
  bool sleeps = thread->state == THREAD_BLOCKED;
  if (!sleeps) activity->running++;
  if (sleeps && !thread->is_interruptible) activity->blocked++;
}

/* Counts all processes; the last pid is *PID. */
static struct activity count_processes(int *pid) {
  struct activity activity = {0};
  struct process *top = tree_top();
  *pid = 0;
  process_table_lock();
  for (struct process *at = tree_next(top, top); at != NULL; at = tree_next(top, at)) {
    bool were_on = intr_disable();
    count_activity(&activity, at);
    intr_restore(were_on);
    if (at->pid > *pid) *pid = at->pid;
  }
  process_table_unlock();
  return activity;
}

/* Prints the ticks of the processor, named NAME: user, nice, system, idle, and six kinds that there are not. */
static void print_ticks(struct report_text *text, const char *name) {
  report_print(
      text, "%s %llu 0 %llu %llu 0 0 0 0 0 0\n", name, (unsigned long long)thread_stats.user_ticks,
      (unsigned long long)thread_stats.kernel_ticks, (unsigned long long)thread_stats.idle_ticks);
}

/* /proc/stat. */
bool report_stat(struct report_text *text, int pid) {
  int last;
  struct activity activity = count_processes(&last);
  uint32_t now = clock_seconds(), up = (uint32_t)(timer_ticks() / TIMER_HZ);
  (void)pid;
  print_ticks(text, "cpu ");
  print_ticks(text, "cpu0");
  report_print(text, "ctxt %llu\nbtime %u\nprocesses %d\n",
               (unsigned long long)thread_stats.switches, (unsigned)(now > up ? now - up : 0),
               last);
  report_print(text, "procs_running %u\nprocs_blocked %u\n", activity.running, activity.blocked);
  return true;
}

/* /proc/uptime: seconds since boot, and those in which nobody ran. */
bool report_uptime(struct report_text *text, int pid) {
  uint32_t up = (uint32_t)timer_ticks(), idle = (uint32_t)thread_stats.idle_ticks;
  (void)pid;
  report_print(text, "%u.%02u %u.%02u\n", (unsigned)(up / TIMER_HZ), (unsigned)(up % TIMER_HZ),
               (unsigned)(idle / TIMER_HZ), (unsigned)(idle % TIMER_HZ));
  return true;
}
