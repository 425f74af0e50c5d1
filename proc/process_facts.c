/* What there is to tell about a process. */
#include "proc/process_facts.h"
#include "arch/i386/intr.h"
#include "lib/string.h"
#include "proc/tree.h"
#include "vm/addrspace.h"

/* The process PID with its memory, or NULL: it stays while the process table's lock is held. */
static struct process *find_with_memory(int pid) {
  struct process *process = tree_find(tree_top(), pid);
  return process != NULL && process->as != NULL ? process : NULL;
}

/* Copies the last part of PATH to NAME, with a question mark for each control character. */
static void copy_name(char *name, const char *path) {
  const char *slash = strrchr(path, '/');
  strlcpy(name, slash != NULL ? slash + 1 : path, COMMAND_NAME_SIZE);
  for (; *name != '\0'; name++)
    if ((unsigned char)*name < ' ' || *name == 0x7f) *name = '?';
}

/* Notes what THREAD, NULL before the process's first step and after its last, does.  Interrupts are off. */
static void note_thread(struct process_facts *facts, const struct thread *thread) {
  if (thread == NULL) return;
  facts->ticks = thread->ticks;
  if (thread->state != THREAD_BLOCKED) return;
  facts->state = thread->is_interruptible ? 'S' : 'D';
  if (thread->waiting_for != NULL)
    strlcpy(facts->waits_for, thread->waiting_for, sizeof facts->waits_for);
}

/* Adds the pages of REGION to those that it is of. */
static void add_region(struct process_facts *facts, const struct vm_region_facts *region) {
  uint32_t pages = (region->end - region->start) / VM_PAGE_SIZE;
  bool is_code = region->kind == REGION_CODE, is_stack = region->kind == REGION_STACK;
  facts->pages += pages;
  if (is_code) facts->code += pages;
  if (is_code && facts->code_start == 0) facts->code_start = region->start;
  if (is_code) facts->code_end = region->end;
  if (is_stack) facts->stack += pages;
  if (is_stack) facts->stack_start = region->end;
  if (!is_code && !is_stack && !region->shared && region->prot & PROT_WRITE) facts->data += pages;
}

/* Fills in what there is about AS. */
static void note_memory(struct process_facts *facts, struct addrspace *as) {
  struct vm_region_facts region = {0};
  const struct vm_counters *counters = &as->counters;
  facts->has_memory = true;
  facts->major = counters->faults_of[FAULT_FILE] + counters->faults_of[FAULT_SWAP];
  facts->minor = vm_count_faults(counters) - facts->major - counters->faults_of[FAULT_ERROR];
  while (vm_region_facts(as, region.end, &region)) add_region(facts, &region);
  vm_count_usage(as, 0, USER_END, &facts->usage);
}

/* Fills in FACTS about process PID. */
bool process_facts(int pid, struct process_facts *facts) {
  process_table_lock();
  const struct process *process = tree_find(tree_top(), pid);
  if (process != NULL) {
    *facts = (struct process_facts){.pid = pid, .parent = process->parent->pid};
    facts->state = process->ended ? 'Z' : 'R';
    copy_name(facts->name, process->name);
    bool were_on = intr_disable();
    note_thread(facts, process->thread);
    intr_restore(were_on);
    facts->ticks += process->ticks;
    if (process->as != NULL) note_memory(facts, process->as);
  }
  process_table_unlock();
  return process != NULL;
}

/* Looks for the region, and counts what stands in it. */
bool process_region(int pid, uint32_t from, struct vm_region_facts *region,
                    struct vm_usage *usage) {
  process_table_lock();
  const struct process *process = find_with_memory(pid);
  bool found = process != NULL && vm_region_facts(process->as, from, region);
  if (found && usage != NULL) vm_count_usage(process->as, region->start, region->end, usage);
  process_table_unlock();
  return found;
}

/* Copies the name. */
bool process_name(int pid, char *name, uint32_t size) {
  process_table_lock();
  const struct process *process = tree_find(tree_top(), pid);
  if (process != NULL) strlcpy(name, process->name, size);
  process_table_unlock();
  return process != NULL;
}
