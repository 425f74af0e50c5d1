/* Ending a process for what the VM could not do for it, and saying why. */
#include "kern/print.h"
#include "lib/debug.h"
#include "proc/process.h"
#include "vm/error.h"
#include "vm/explain.h"
#include "vm/vm.h"

#define EXPLANATION_SIZE 160

/* With -explain: says in a line of plain words why the running process ends, whose access to ADDRESS, to
   WRITE or read, gave ERROR. */
void process_explain(int error, uint32_t address, bool write) {
  struct process *process = process_current();
  char text[EXPLANATION_SIZE];
  struct refusal refusal = {process->as, address, write ? ACCESS_WRITE : ACCESS_READ, error,
                            process->name};
  if (!vm_options.explain) return;
  vm_explain(&refusal, text, sizeof text);
  kprintf("%s: %s\n", process->name, text);
}

/* Says that process NAME cannot get a frame; panics instead if that was asked for. */
static void report_no_frame(const char *name) {
  struct vm_stats stats;
  if (vm_options.panic_on_oom) PANIC("out of memory: no frame can be freed for %s", name);
  vm_get_stats(&stats);
  kprintf("%s: out of memory: no frame can be freed (%u frames, %u of %u swap slots used)\n", name,
          stats.frames_total, stats.slots_used, stats.slots_total);
}

/* Ends the running process for ERROR at its page at ADDRESS. */
void process_kill(int error, uint32_t address) {
  const char *name = process_current()->name;
  switch (error) {
  case VM_ENOFRAME: report_no_frame(name); break;
  case VM_ENOMEM:
    if (vm_options.panic_on_oom) PANIC("out of memory: no kernel memory for %s", name);
    kprintf("%s: out of memory: no kernel memory is left\n", name);
    break;
  case VM_EIO:
  case VM_ENOSPC: kprintf("%s: page at 0x%x: %s\n", name, address, vm_error_text(error)); break;
  default: break; /* A bad address of its own: the exit line says enough. */
  }
  process_explain(error, address, error == VM_EACCESS);
  process_exit(-1);
}
