/* Starting what programs need. */
#include "init/start.h"
#include "dev/console.h"
#include "dev/timer.h"
#include "fs/fs.h"
#include "init/devices.h"
#include "init/end.h"
#include "init/options.h"
#include "kern/print.h"
#include "kern/thread.h"
#include "proc/load.h"

/* Devices come after threads: who waits for a disk sleeps. */
void start_devices(void) {
  timer_init();
  console_init();
  thread_start();
  devices_init();
}

/* A file system that cannot be mounted is like none. */
void start_processes(void) {
  if (device_filesys != NULL && fs_mount(device_filesys) != FS_OK)
    kprintf("filesys: not mounted; running without\n");
  process_init();
  shortage_rule = options.oom;
  process_set_halt(end_power_off);
  if (options.terminal_columns > 0) process_set_terminal(options.terminal_columns, end_interrupted);
  syscall_init();
  page_fault_init();
  exception_init();
  terminate_init();
  reports_init();
  if (!options.load_control_off) load_start();
}
