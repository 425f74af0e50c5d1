/* The order in which the system starts, and what it then does. */
#include "arch/i386/intr.h"
#include "arch/i386/machine.h"
#include "init/actions.h"
#include "init/cmdline.h"
#include "init/end.h"
#include "init/memory.h"
#include "init/options.h"
#include "init/start.h"
#include "kern/print.h"
#include "kern/thread.h"

_Noreturn void kernel_main(void);

/* What is needed to say something, and to report a bug. */
static void start_console(void) {
  thread_init();
  uart_init();
  intr_init();
  panic_init();
  kprintf("Pintos booting with %'u kB RAM...\n", (unsigned)(machine_ram_end() / 1024));
}

/* Takes the options, and returns the actions, all of which make sense. */
static char **parse_command_line(void) {
  char **actions = options_parse(cmdline_split());
  actions_check(actions);
  return actions;
}

/* Tells what the command line can hold, and powers off. */
_Noreturn static void help(void) {
  kprintf("Kernel command line: [OPTION...] [ACTION...]\n");
  options_help();
  actions_help();
  kprintf("Powering off...\n");
  machine_power_off();
}

/* Where the boot code goes on, on the boot stack, interrupts off. */
void kernel_main(void) {
  start_console();
  char **actions = parse_command_line();
  if (options.help) help();
  memory_start();
  start_devices();
  vm_start();
  start_processes();
  kprintf("Boot complete.\n");
  actions_run(actions);
  if (options.reboot) end_reboot();
  if (options.power_off) end_power_off();
  end_idle();
}
