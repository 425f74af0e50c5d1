/* The ways the system ends by itself. */
#include "init/end.h"
#include "arch/i386/machine.h"
#include "fs/fs.h"
#include "init/statistics.h"
#include "kern/print.h"
#include "kern/sync.h"
#include "proc/process.h"
#include "vm/event.h"

#define INTERRUPTED_STATUS                                                                         \
  3 /* Of the debug exit port; 1 and 2 are a panic and a refused command line. */

/* Stops all processes, puts everything on disk, prints the statistics, and powers off. */
void end_power_off(void) {
  if (event_ring.flags & EVENTS_TABLES) event_tables();
  process_stop_all();
  fs_unmount();
  statistics_print();
  kprintf("Powering off...\n");
  machine_power_off();
}

/* Stops all processes, puts everything on disk, prints the statistics, and restarts. */
void end_reboot(void) {
  process_stop_all();
  fs_unmount();
  statistics_print();
  kprintf("Rebooting...\n");
  machine_reboot();
}

/* Leaves with a status of its own. */
void end_interrupted(void) {
  kprintf("^C\n");
  machine_exit(INTERRUPTED_STATUS);
}

/* Stops all processes, puts everything on disk, and waits for what nobody will do. */
void end_idle(void) {
  struct semaphore never;
  sema_init(&never, 0);
  process_stop_all();
  fs_sync();
  for (;;) sema_down(&never);
}
