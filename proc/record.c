/* Recording what happens to processes. */
#include "dev/timer.h"
#include "kern/print.h"
#include "proc/elf.h"
#include "proc/process.h"
#include "vm/addrspace.h"
#include "vm/event.h"

/* The number of PROCESS's address space, 0 if it has none. */
static unsigned space_of(const struct process *process) {
  return process != NULL && process->as != NULL ? process->as->number : 0;
}

/* The processor goes to THREAD, interrupts off.  The ring's clock tells the two times from here. */
static void record_switch(const struct thread *thread) {
  event_ring.last_ms = (uint32_t)timer_ticks() * (1000 / TIMER_HZ);
  event_ring.last_time = port_time();
  if (event_ring.first_time == 0) {
    event_ring.first_time = event_ring.last_time;
    event_ring.first_ms = event_ring.last_ms;
  }
  event_note(SWITCH, space_of(thread->process), 0, (uint32_t)thread->id);
}

/* The last events of all. */
static void print_last(void) {
  record_print(0);
}

/* Has switches recorded, and a panic show the last events. */
void record_init(void) {
  panic_set_hook(print_last);
  if (event_all) thread_set_switch_hook(record_switch);
}

/* Records PROCESS, and its name unless it has its parent's. */
void record_process(const struct process *process, bool forked) {
  event_note(PROCESS, process->as->number, forked, (uint32_t)process->pid,
             space_of(process->parent));
  if (!forked) event_text(EVENT_NAME, process->as->number, process->name);
}

/* Records what PROCESS runs. */
void record_exec(const struct process *process, const struct elf_load *load) {
  event_note(EXEC, process->as->number, 0, event_id(load->store), load->entry, load->end);
}

/* Records the end of PROCESS. */
void record_exit(const struct process *process, int status) {
  event_note(EXIT, space_of(process), process->killed, (uint32_t)process->pid, (uint32_t)status);
}
