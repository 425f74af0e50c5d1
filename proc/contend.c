/* Who contends for memory. */
#include "proc/contend.h"
#include "dev/timer.h"
#include "proc/suspend.h"
#include "proc/tree.h"
#include "vm/addrspace.h"
#include "vm/frame.h"

/* Who has less than this part of the faults that those who have some have on the average does not matter. */
#define SMALL_PART 4
/* Who has this part of all frames has much. */
#define LARGE_PART 16
/* Who began to run so few ticks ago is not suspended: it has to get something done. */
#define RUN_TICKS_MIN 20

/* The process after AT, the first if that is NULL, that has memory; or NULL. */
static struct process *next_process(struct process *at) {
  struct process *top = tree_top();
  at = tree_next(top, at != NULL ? at : top);
  while (at != NULL && at->as == NULL) at = tree_next(top, at);
  return at;
}

/* It has run for no time, and whoever asked before does not mean it. */
void contend_begin(struct process *process) {
  process->suspends = false;
  process->load.since = process->load.stays_until = (uint32_t)timer_ticks();
}

/* Notes the faults that PROCESS had since the last time; how many. */
static uint32_t count_faults(struct process *process) {
  const struct vm_counters *counters = &process->as->counters;
  uint32_t page_ins = counters->faults_of[FAULT_SWAP] + counters->faults_of[FAULT_FILE];
  process->load.lately = page_ins - process->load.page_ins;
  process->load.page_ins = page_ins;
  if (suspend_stats.now == 0) process->load.contends = false;
  return process->load.lately;
}

/* Counts them all, and then compares. */
unsigned contend_count(bool note) {
  uint32_t total = 0, faulting = 0;
  unsigned count = 0;
  for (struct process *at = next_process(NULL); at != NULL; at = next_process(at)) {
    uint32_t faults = count_faults(at);
    total += faults;
    faulting += faults > 0;
  }
  for (struct process *at = next_process(NULL); at != NULL; at = next_process(at)) {
    if (at->load.lately == 0 || at->load.lately * SMALL_PART * faulting < total) continue;
    if (note) at->load.contends = true;
    count++;
  }
  return count;
}

/* Whether PROCESS, at NOW, can be suspended: it comes to where it looks for marks, and nobody talks with it. */
static bool may_be_suspended(const struct process *process, uint32_t now) {
  const struct thread *thread = process->thread;
  return thread != NULL && !process->is_loading && process->killed == KILL_NONE &&
         !process->suspends && !thread->is_interruptible && !process->keeps_interrupt &&
         now - process->load.since >= RUN_TICKS_MIN &&
         (int32_t)(now - process->load.stays_until) >= 0;
}

/* The one that has run for longest of those who contend, or, if LARGE, who have much; NULL if there is none. */
static struct process *find_longest(bool large) {
  uint32_t now = (uint32_t)timer_ticks();
  struct process *best = NULL;
  for (struct process *at = next_process(NULL); at != NULL; at = next_process(at)) {
    bool is_large = at->as->counters.resident >= frame_count() / LARGE_PART;
    if (!at->load.contends && !(large && is_large)) continue;
    if (!may_be_suspended(at, now)) continue;
    if (best == NULL || (int32_t)(best->load.since - at->load.since) > 0) best = at;
  }
  return best;
}

/* Marks one after the other. */
unsigned contend_suspend(unsigned count, bool at_thrashing, uint32_t when) {
  for (unsigned marked = 0; marked < count; marked++) {
    struct process *process = find_longest(!at_thrashing);
    if (process == NULL) return marked;
    process->load.asked_at = when;
    process->load.at_thrashing = at_thrashing;
    process->suspends = true;
  }
  return count;
}
