/* The kernel's life, from its first line to its last. */
#include "arch/i386/intr.h"
#include "arch/i386/machine.h"
#include "arch/i386/pmap.h"
#include "dev/block.h"
#include "dev/console.h"
#include "dev/timer.h"
#include "fs/fs.h"
#include "init/actions.h"
#include "init/options.h"
#include "init/port.h"
#include "init/statistics.h"
#include "kern/memory.h"
#include "kern/panic.h"
#include "kern/print.h"
#include "kern/thread.h"
#include "proc/process.h"
#include "vm/frame.h"
#include "vm/policy.h"
#include "vm/reclaim.h"
#include "vm/vm.h"

static struct memory_layout layout;

/* Gives a page of the kernel pool back. */
static void give_page(void *page) {
  page_free(page, 1);
}

/* Says that block device NAME of ROLE is asked for but not there. */
static _Noreturn void no_device(const char *name) {
  usage_error("No such block device `%s'", name);
}

/* The device of ROLE: the one called NAME, or the first there is if NAME is NULL; NULL: none. */
static struct block *choose_device(enum block_role role, const char *name) {
  if (name == NULL) return block_by_role(role);
  struct block *block = block_by_name(name);
  if (block == NULL) no_device(name);
  return block;
}

/* Memory, page tables, traps, threads and the timer. */
static void start_kernel(void) {
  thread_init();
  uint32_t ram_end = machine_ram_end();
  kprintf("Pintos booting with %'u kB RAM...\n", (unsigned)(ram_end / 1024));
  options_parse(machine_command_line());
  actions_check(options.actions);
  if (policy_lookup(options.policy) == NULL)
    usage_error("unknown policy `%s'", options.policy);
  uint32_t frames = options.user_pages == UINT32_MAX ? UINT32_MAX : options.user_pages + 1;
  if (!memory_init(ram_end, frames, &layout))
    usage_error("Quire needs at least 3 MB of RAM, this machine has %u kB",
                (unsigned)(ram_end / 1024));
  pmap_init(ram_end, page_alloc_zeroed, give_page);
  intr_init();
  panic_init();
  timer_init();
  thread_start();
  console_init();
}

/* The swap device and the VM. */
static void start_vm(void) {
  struct block *swap = choose_device(BLOCK_SWAP, options.swap);
  if (swap == NULL) kprintf("swap: no swap device, running without\n");
  else if (swap->sectors < PAGE_SIZE / SECTOR_SIZE)
    kprintf("swap: %s is smaller than a page, running without\n", swap->name);
  else kprintf("%s: using %s\n", "swap", swap->name);
  port_init(layout.user_pool, swap);
  struct vm_options vm = {.frames = layout.user_pages - 1,
                          .stack_limit = options.stack_bytes,
                          .panic_on_oom = options.panic_on_oom,
                          .policy = options.policy};
  if (!vm_init(&vm)) usage_error("vm: not enough kernel memory for %u frames", (unsigned)vm.frames);
  if (reclaim_wants_thread() &&
      thread_create("pageout", PRIORITY_DEFAULT, reclaim_thread, NULL) == NULL)
    usage_error("vm: no memory for the pageout thread");
}

/* The file system, if there is one that can be used. */
static void start_fs(void) {
  struct block *device = choose_device(BLOCK_FILESYS, options.filesys);
  if (device == NULL) kprintf("filesys: no file system device, running without\n");
  else if (fs_mount(device) == FS_OK) kprintf("filesys: using %s\n", device->name);
}

/* Ends it all in good order. */
static _Noreturn void shut_down(void) {
  if (fs_is_mounted()) fs_unmount();
  statistics_print();
  if (options.reboot) {
    kprintf("Rebooting...\n");
    machine_reboot();
  }
  kprintf("Powering off...\n");
  machine_power_off();
}

/* What the boot code calls. */
_Noreturn void kernel_main(void);
_Noreturn void kernel_main(void) {
  uart_init();
  start_kernel();
  ide_init();
  start_vm();
  start_fs();
  process_init();
  syscall_init();
  exception_init();
  process_set_halt(shut_down);
  kprintf("Boot complete.\n");
  actions_run(options.actions);
  if (options.power_off || options.reboot) shut_down();
  thread_exit();
}
