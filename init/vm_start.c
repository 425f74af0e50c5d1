/* Starting the VM. */
#include "init/cmdline.h"
#include "init/devices.h"
#include "init/memory.h"
#include "init/options.h"
#include "init/port.h"
#include "kern/memory.h"
#include "kern/thread.h"
#include "vm/supply.h"
#include "vm/vm.h"

/* The pageout thread goes before programs: they would use the reserve up while it waits. */
#define PAGEOUT_PRIORITY (PRIORITY_DEFAULT + 1)

/* Starts the VM and its pageout thread. */
void vm_start(void) {
  port_init(memory_layout.user_pool, device_swaps);
  struct vm_options vm = {.frames = memory_layout.user_pages - 1,
                          .stack_limit = options.stack_limit,
                          .policy = options.policy,
                          .stress_seed = options.vm_stress,
                          .check_every = options.vm_check,
                          .explain = options.explain,
                          .asserts_off = options.asserts_off,
                          .cluster = options.cluster,
                          .readahead_off = options.readahead_off,
                          .reserve_off = options.reserve_off,
                          .zero_ahead_off = options.zero_ahead_off,
                          .swap_keep = options.swap_keep};
  bool started = vm_init(&vm);
  if (started) port_lend_frames();
  thread_set_idle_work(supply_zero_ahead);
  if (started && supply_keeps_reserve())
    started = thread_create("pageout", PAGEOUT_PRIORITY, supply_reserve_thread, NULL) != NULL;
  if (!started)
    cmdline_refuse("not enough kernel memory for the tables of %u frames", (unsigned)vm.frames);
}
