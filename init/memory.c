/* Starting what manages memory. */
#include "init/memory.h"
#include "arch/i386/machine.h"
#include "arch/i386/pmap.h"
#include "init/cmdline.h"
#include "init/devices.h"
#include "init/options.h"
#include "init/port.h"
#include "kern/memory.h"
#include "kern/thread.h"
#include "vm/reclaim.h"
#include "vm/vm.h"

/* The pageout thread goes before programs: they would use the reserve up while it waits. */
#define PAGEOUT_PRIORITY (PRIORITY_DEFAULT + 1)

static struct memory_layout layout;

/* Gives back one page that page_alloc_zeroed() gave. */
static void give_page(void *page) {
  page_free(page, 1);
}

/* Divides RAM; the user pool has one frame more than was asked for, the zero frame. */
void memory_start(void) {
  if (!memory_init(machine_ram_end(), options.frames_max + 1, &layout))
    cmdline_refuse("not enough memory: this machine has just %u kB of RAM",
                   (unsigned)(machine_ram_end() / 1024));
  pmap_init(machine_ram_end(), page_alloc_zeroed, give_page);
}

/* Starts the VM and its pageout thread. */
void vm_start(void) {
  port_init(layout.user_pool, device_swap);
  struct vm_options vm = {.frames = layout.user_pages - 1,
                          .stack_limit = options.stack_limit,
                          .panic_on_oom = options.panic_on_oom,
                          .policy = options.policy};
  bool started = vm_init(&vm);
  if (started && reclaim_wants_thread())
    started = thread_create("pageout", PAGEOUT_PRIORITY, reclaim_thread, NULL) != NULL;
  if (!started)
    cmdline_refuse("not enough kernel memory for the tables of %u frames", (unsigned)vm.frames);
}
