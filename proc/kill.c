/* Ending a process for what the VM could not do for it, and saying why. */
#include "kern/print.h"
#include "lib/debug.h"
#include "lib/printf.h"
#include "proc/core.h"
#include "proc/shortage.h"
#include "vm/addrspace.h"
#include "vm/explain.h"
#include "vm/vm.h"

#define EXPLANATION_SIZE 160
#define CHOICE_SIZE      80
#define KB               1024u

/* Says in TEXT, CHOICE_SIZE bytes, to be put at the end of a line, what PROCESS gives back, if that is why it ends.
   Returns TEXT. */
static const char *say_choice(const struct process *process, char *text) {
  const struct vm_own *own = &shortage.own;
  text[0] = '\0';
  if (shortage.process != process || own->parts == 0) return text;
  if (process->shortage == VM_ENOFRAME)
    snprintf(text, CHOICE_SIZE, "; it gives back the most, %u pages", (unsigned)own->pages);
  if (process->shortage == VM_ENOMEM)
    snprintf(text, CHOICE_SIZE, "; it gives back the most, %u KB of it and %u pages",
             (unsigned)(own->kernel / KB), (unsigned)own->pages);
  return text;
}

/* With -explain: says in a line of plain words why the running process ends, whose access to ADDRESS, to
   WRITE or read, gave ERROR. */
void process_explain(int error, uint32_t address, bool write) {
  struct process *process = process_current();
  char text[EXPLANATION_SIZE], choice[CHOICE_SIZE];
  struct refusal refusal = {process->as, address, write ? ACCESS_WRITE : ACCESS_READ, error,
                            process->name};
  if (!vm_options.explain) return;
  vm_explain(&refusal, text, sizeof text);
  kprintf("%s: %s%s\n", process->name, text, say_choice(process, choice));
}

/* Panics if the running process ends for a shortage, ERROR, and that was asked for. */
static void panic_if_asked(int error) {
  const char *name = process_current()->name;
  if (shortage_rule != SHORTAGE_PANIC) return;
  if (error == VM_ENOFRAME) PANIC("out of memory: no frame can be freed for %s", name);
  if (error == VM_ENOMEM) PANIC("out of memory: no kernel memory for %s", name);
}

/* Says in a line why the running process ends, for ERROR at its page at ADDRESS. */
static void report(int error, uint32_t address) {
  const struct process *process = process_current();
  const char *name = process->name;
  char choice[CHOICE_SIZE];
  struct vm_stats stats;
  say_choice(process, choice);
  switch (error) {
  case VM_ENOFRAME:
    vm_get_stats(&stats);
    kprintf("%s: out of memory: no frame can be freed (%u frames, %u of %u swap slots used)%s\n",
            name, stats.frames_total, stats.slots_used, stats.slots_total, choice);
    break;
  case VM_ENOMEM: kprintf("%s: out of memory: no kernel memory is left%s\n", name, choice); break;
  case VM_EIO:
  case VM_ENOSPC: kprintf("%s: page at 0x%x: %s\n", name, address, vm_error_text(error)); break;
  default: break; /* A bad address of its own: the exit line says enough. */
  }
}

/* Ends the running process for ERROR at its page at ADDRESS.  An explanation, if it was asked for,
   takes the place of the usual line. */
void process_kill(int error, uint32_t address) {
  panic_if_asked(error);
  bool is_own = error != VM_ENOFRAME && error != VM_ENOMEM && error != VM_EIO;
  if (vm_options.explain && !is_own) record_print(process_current()->as->number);
  if (vm_options.explain)
    process_explain(error, address, error == VM_EACCESS);
  else
    report(error, address);
  core_leave(error == VM_EIO || error == VM_ENOSPC ? CORE_PAGE_LOST : CORE_ACCESS);
  process_exit(-1);
}

/* Ends the running process, which made system call NUMBER, of which there is none. */
void process_kill_call(uint32_t number) {
  const char *name = process_current()->name;
  if (vm_options.explain) kprintf("%s: there is no system call %d\n", name, (int)number);
  core_leave(CORE_BAD_CALL);
  process_exit(-1);
}
