/* The simulated machine as a whole, and its words. */
#include "host/machine.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <unistd.h>
#include "host/record.h"
#include "host/threads.h"
#include "vm/port.h"
#include "vm/vm.h"

struct machine_options machine_options;
struct machine_failures machine_failures;

/* Starts the program anew without random addresses. */
void machine_fix_addresses(char **argv) {
  int now = personality(0xffffffff);
  if (now == -1 || (now & ADDR_NO_RANDOMIZE)) return;
  if (personality((unsigned)now | ADDR_NO_RANDOMIZE) != -1) execv("/proc/self/exe", argv);
}

/* A fresh machine after WANTED. */
void machine_init(const struct machine_options *wanted) {
  machine_options = *wanted;
  threads_init(wanted->seed);
  memset(&machine_failures, 0, sizeof machine_failures);
  memory_init(wanted->frames);
  disk_init(wanted->slots);
  struct vm_options vm = {.frames = wanted->frames,
                          .stack_limit = wanted->stack_limit > 0 ? wanted->stack_limit : 1 << 20,
                          .stress_seed = wanted->stress,
                          .policy = wanted->policy,
                          .swap_keep = wanted->swap_keep};
  bool started = vm_init(&vm);
  ASSERT(started);
}

/* Frees the memory of the machine, and what the VM still has of it. */
void machine_finish(void) {
  memory_finish();
  disk_finish();
}

/* Counts the questions: the same run asks the same ones. */
uint64_t port_time(void) {
  static uint64_t now;
  return __atomic_fetch_add(&now, 1, __ATOMIC_RELAXED);
}

/* Nobody watches from outside. */
void port_event(unsigned kind) {
  (void)kind;
}

/* Counts a call of KIND; whether it is to fail. */
bool machine_fails(enum fail_kind kind) {
  struct machine_failures *f = &machine_failures;
  rig_lock();
  uint64_t call = ++f->calls[kind], at = f->fail_at[kind];
  rig_unlock();
  bool fails = at != 0 && (call == at || (f->forever && call > at));
  if (!fails) fails = f->per_thousand[kind] > 0 && sim_random(1000) < f->per_thousand[kind];
  if (!fails) return false;
  rig_lock();
  f->failed_for = thread_user();
  rig_unlock();
  return true;
}

_Noreturn void debug_panic(const char *file, int line, const char *function, const char *format,
                           ...) {
  va_list args;
  va_start(args, format);
  printf("%s:%d in %s(): ", file, line, function);
  vprintf(format, args);
  printf("\n");
  threads_report();
  fflush(stdout);
  record_finish();
  abort();
}
